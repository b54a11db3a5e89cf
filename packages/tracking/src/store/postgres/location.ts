/** Whether a store's location is the URL of a PostgreSQL database. */
export function isPostgres(location: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(location);
}

/** The URL as it may be shown: without its password. */
export function maskPassword(url: string): string {
  return url
    .replace(/^([a-z]+:\/\/[^/?#@]*?):[^/?#]*@/i, "$1:***@")
    .replace(/([?&]password=)[^&#]*/gi, "$1***");
}
