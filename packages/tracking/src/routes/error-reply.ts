import type { FastifyError, FastifyReply } from "fastify";

/** What the protocol calls an error, and its status. Only trouble that may pass by itself is a 5xx. */
const replies: Readonly<Record<string, readonly [name: string, status: number]>> = {
  SCANFLOW_TRACKING_INVALID: ["INVALID_PARAMETER_VALUE", 400],
  SCANFLOW_TRACKING_REQUEST: ["BAD_REQUEST", 400],
  SCANFLOW_TRACKING_EXISTS: ["RESOURCE_ALREADY_EXISTS", 400],
  SCANFLOW_TRACKING_MISSING: ["RESOURCE_DOES_NOT_EXIST", 404],
  SCANFLOW_TRACKING_STATE: ["INVALID_STATE", 400],
  SCANFLOW_GC_STRANGE: ["INVALID_STATE", 400],
  SCANFLOW_TRACKING_ENDPOINT: ["ENDPOINT_NOT_FOUND", 404],
  SCANFLOW_TRACKING_UNAUTHENTICATED: ["UNAUTHENTICATED", 401],
  SCANFLOW_TRACKING_LAST_ADMIN: ["INVALID_STATE", 400],
  SCANFLOW_TRACKING_DENIED: ["PERMISSION_DENIED", 403],
  SCANFLOW_TRACKING_HOST: ["PERMISSION_DENIED", 403],
  SCANFLOW_TRACKING_ORIGIN: ["PERMISSION_DENIED", 403],
  SCANFLOW_TRACKING_THROTTLED: ["REQUEST_LIMIT_EXCEEDED", 429],
  SCANFLOW_STORE_CONSTRAINT: ["INVALID_PARAMETER_VALUE", 400],
  SCANFLOW_STORE_FULL: ["RESOURCE_EXHAUSTED", 507],
  SCANFLOW_STORAGE_FULL: ["RESOURCE_EXHAUSTED", 507],
  SCANFLOW_STORE_BUSY: ["TEMPORARILY_UNAVAILABLE", 503],
  SCANFLOW_STORE_UNREACHABLE: ["TEMPORARILY_UNAVAILABLE", 503],
  SCANFLOW_ARTIFACT_MISSING: ["RESOURCE_DOES_NOT_EXIST", 404],
  SCANFLOW_ARTIFACT_ENTRY: ["RESOURCE_DOES_NOT_EXIST", 404],
  SCANFLOW_ARTIFACT_RESERVED: ["INVALID_PARAMETER_VALUE", 400],
  SCANFLOW_ARTIFACT_TOO_LARGE: ["INVALID_PARAMETER_VALUE", 400],
  SCANFLOW_ARTIFACT_RANGE: ["INVALID_PARAMETER_VALUE", 416],
  SCANFLOW_OBJECT_UNREACHABLE: ["TEMPORARILY_UNAVAILABLE", 503],
  // The server's own settings are wrong: asking again would not help.
  SCANFLOW_OBJECT_BUCKET: ["PERMISSION_DENIED", 403],
  SCANFLOW_OBJECT_CREDENTIALS: ["PERMISSION_DENIED", 403],
  SCANFLOW_OBJECT_DENIED: ["PERMISSION_DENIED", 403],
};

/** Trouble of the server itself: its message names hosts, folders and buckets, and goes to the log. */
const ofOperator: Readonly<Record<string, string>> = {
  SCANFLOW_STORE_UNREACHABLE: "The tracker does not reach its database now. Try again in a while",
  SCANFLOW_OBJECT_UNREACHABLE: "The tracker does not reach its store of files now. Try again in a while",
  SCANFLOW_OBJECT_BUCKET: "The tracker's store of files is not set up",
  SCANFLOW_OBJECT_CREDENTIALS: "The tracker may not use its store of files",
  SCANFLOW_OBJECT_DENIED: "The tracker may not use its store of files",
};

/** An error in the protocol's words, without what only the server's operator should see. */
export function explainError(error: FastifyError): { name: string; status: number; message: string } {
  const [name, status] = replies[error.code] ?? fallback(error);
  const said = ofOperator[error.code];
  if (said !== undefined) {
    return { name, status, message: `${said} (${error.code}); its log says more.` };
  }
  const message = status === 500 ? `Internal error (${error.code ?? error.name}).` : error.message;
  return { name, status, message };
}

/** Answers an error as `{"error_code", "message"}`. */
export function sendError(error: FastifyError, reply: FastifyReply): FastifyReply {
  const { name, status, message } = explainError(error);
  if (status >= 500 || ofOperator[error.code] !== undefined) reply.log.error(error);
  return reply.code(status).send({ error_code: name, message });
}

/** Errors of the HTTP layer have a status of their own; what was asked wrongly is always 400. */
function fallback({ statusCode }: FastifyError): readonly [string, number] {
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return ["BAD_REQUEST", 400];
  return ["INTERNAL_ERROR", 500];
}
