/** The `SCANFLOW_…` code of an error, if it has one. Here too, so that `--help` loads no other package of ours. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" && error.code.startsWith("SCANFLOW_") ? error.code : undefined;
}
