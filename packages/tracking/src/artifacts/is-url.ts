/** Whether a place is a URL, such as `s3://BUCKET/PREFIX`; else it is a path. */
export function isUrl(place: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(place);
}
