/**
 * Every code that the store and the tracker throw, and when (artifacts have their own table). The routes
 * turn the SCANFLOW_TRACKING codes into the protocol's own: `routes/error-reply.ts`.
 */
export const trackingErrorCodes = {
  SCANFLOW_STORE_OPEN: "The database cannot be opened or created, is not one, or is not one for Scanflow.",
  SCANFLOW_STORE_UNREACHABLE: "The PostgreSQL server cannot be reached, or its connection was lost.",
  SCANFLOW_STORE_LOGIN: "The PostgreSQL server refused the user or the password.",
  SCANFLOW_STORE_NEWER: "The database holds a migration that this version does not know.",
  SCANFLOW_STORE_ALTERED: "A migration that was applied to the database differs from the one in the code.",
  SCANFLOW_STORE_MIGRATION: "A migration failed; the database is as it was before.",
  SCANFLOW_STORE_REFUSED: "A guard of a unit found rows, so the unit was not written.",
  SCANFLOW_STORE_CONSTRAINT: "A row broke a constraint of its table, so the unit was not written.",
  SCANFLOW_STORE_BUSY: "Another process held the database longer than the busy timeout.",
  SCANFLOW_STORE_FULL: "The disk (or the quota) is full; the unit was not written.",
  SCANFLOW_STORE_CORRUPT: "The database file is damaged.",
  SCANFLOW_STORE_SQL: "The database refused a statement: wrong SQL or a parameter it cannot hold.",
  SCANFLOW_STORE_WORKER_LOST: "The thread that owns the database ended while calls were waiting.",
  SCANFLOW_STORE_CLOSED: "The store was used after close().",
  SCANFLOW_STORE_READ_ONLY: "The query builder was asked to change data; changes go through write().",
  SCANFLOW_TRACKING_INVALID: "A value that was asked to be tracked breaks a rule of the tracking protocol.",
  SCANFLOW_TRACKING_REQUEST: "A request is not one of the protocol: not JSON, too large, wrong content type.",
  SCANFLOW_TRACKING_EXISTS: "The name is taken.",
  SCANFLOW_TRACKING_MISSING: "The experiment, run, model, version, tag or artifact does not exist.",
  SCANFLOW_TRACKING_STATE: "The experiment is deleted, and what was asked needs an active one.",
  SCANFLOW_TRACKING_UNAUTHENTICATED: "A request came without a token, or with one that is unknown or ended.",
  SCANFLOW_TRACKING_DENIED: "The user of the token may not do what was asked.",
  SCANFLOW_TRACKING_LAST_ADMIN: "The last admin of a tracker was to be removed or to get another role.",
  SCANFLOW_TRACKING_THROTTLED: "Too many wrong tokens came from one address.",
  SCANFLOW_TRACKING_HOST: "A request was sent to the tracker under a name that it does not go by.",
  SCANFLOW_TRACKING_ORIGIN: "A web page of another origin asked the tracker to change something.",
  SCANFLOW_GC_STRANGE: "Garbage was to be collected where all files look like those of another tracker.",
  SCANFLOW_TRACKING_ENDPOINT: "The server has no such route.",
} as const;

export type TrackingErrorCode = keyof typeof trackingErrorCodes;

/** An error of this package, recognised by `code` (never by class: packages share no classes). */
export class TrackingError extends Error {
  readonly code: TrackingErrorCode;

  constructor(code: TrackingErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "TrackingError";
    this.code = code;
  }
}
