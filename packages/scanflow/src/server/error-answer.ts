import { errorCode } from "@scanflow/core";

export interface ErrorAnswer {
  readonly status: number;
  readonly body: { readonly error: { readonly code: string; readonly message: string } };
}

/** The first pattern that a code fits gives its status; other codes are the caller's fault. */
const STATUSES: readonly (readonly [RegExp, number])[] = [
  [/_OWNER_CLOSING$/, 503],
  [/_TOKEN_INVALID$/, 401],
  [/_(HOST|ORIGIN)_REFUSED$/, 403],
  [/_(UNKNOWN|MISSING)$/, 404],
  [/_(AMBIGUOUS|ENDED|ACTIVE|NOT_WAITING|PORT)$/, 409],
  [/^SCANFLOW_(STORE|STORAGE|JOURNAL|RUN_BROKEN)/, 500],
];

/** An error as the API answers it. */
export function errorAnswer(error: unknown): ErrorAnswer {
  const message = error instanceof Error ? error.message : String(error);
  const code = errorCode(error);
  if (code !== undefined) {
    const [, status = 400] = STATUSES.find(([pattern]) => pattern.test(code)) ?? [];
    return { status, body: { error: { code, message } } };
  }
  const own = statusOf(error);
  if (own !== undefined && own < 500) {
    return { status: own, body: { error: { code: "SCANFLOW_REQUEST_INVALID", message } } };
  }
  return { status: 500, body: { error: { code: "SCANFLOW_INTERNAL", message } } };
}

/** The HTTP server's own errors, such as a body that is no JSON, carry a status. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}
