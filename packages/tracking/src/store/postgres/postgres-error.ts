import { TrackingError, type TrackingErrorCode } from "../../errors.ts";
import type { WireError } from "../wire.ts";

/** SQLSTATEs, or their classes (postgresql.org/docs/current/errcodes-appendix.html), and what to do about them. */
const byState: Readonly<Record<string, readonly [TrackingErrorCode, string]>> = {
  "08": ["SCANFLOW_STORE_UNREACHABLE", "Look whether the server runs; the next call connects again."],
  22003: ["SCANFLOW_STORE_CONSTRAINT", "Give a number that the column can hold."],
  22021: ["SCANFLOW_STORE_CONSTRAINT", "PostgreSQL keeps no NUL character in a text: leave it out."],
  23: ["SCANFLOW_STORE_CONSTRAINT", "Correct the row and write the unit again."],
  25006: ["SCANFLOW_STORE_READ_ONLY", "Write with write(), to a server that is no read-only standby."],
  28: ["SCANFLOW_STORE_LOGIN", "Correct the user or the password in the URL, or give PGPASSWORD."],
  "3D000": [
    "SCANFLOW_STORE_OPEN",
    "Make the database first, with `createdb`, or correct its name in the URL.",
  ],
  40: ["SCANFLOW_STORE_BUSY", "Try again."],
  42501: ["SCANFLOW_STORE_OPEN", "Let the user own the database, or grant it CREATE on the schema."],
  53100: ["SCANFLOW_STORE_FULL", "Free some disk space on the server and try again."],
  53: [
    "SCANFLOW_STORE_BUSY",
    "The server has too few connections or memory left: try again, or raise its limits.",
  ],
  "55P03": ["SCANFLOW_STORE_BUSY", "Another process holds the database: end it, or try again."],
  57: ["SCANFLOW_STORE_UNREACHABLE", "The server is stopping or starting: the next call connects again."],
  58: ["SCANFLOW_STORE_CORRUPT", "The server's disk failed: check it, then restore a backup."],
  XX001: ["SCANFLOW_STORE_CORRUPT", "Restore the database from a backup."],
  XX002: ["SCANFLOW_STORE_CORRUPT", "Rebuild the index with REINDEX, or restore a backup."],
};

const fallback = ["SCANFLOW_STORE_SQL", "Correct the statement or its parameters."] as const;
const lost = [
  "SCANFLOW_STORE_UNREACHABLE",
  "What was not answered may or may not be stored. Check the URL and that the server runs; the next call connects again.",
] as const;

/** The SQLSTATE of an error that the server itself reported; undefined for one of the network or of Node. */
function stateOf(error: unknown): string | undefined {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === "string" && typeof severity === "string" ? code : undefined;
}

/** Whether the server refused the statement and goes on: then nothing of its transaction stands. */
export function isRefusal(error: unknown): boolean {
  const { severity } = error as { severity?: unknown };
  return stateOf(error) !== undefined && severity === "ERROR";
}

export function toWireError(error: unknown): WireError {
  if (error instanceof TrackingError) return { code: error.code, message: error.message };
  if (isUnreadable(error)) return { code: "SCANFLOW_STORE_OPEN", message: unreadable };
  if (isPasswordAsked(error)) return { code: "SCANFLOW_STORE_LOGIN", message: passwordAsked };
  const state = stateOf(error);
  const known =
    state === undefined ? withoutState(error) : (byState[state] ?? byState[state.slice(0, 2)] ?? fallback);
  return { code: known[0], message: `${messageOf(error)}. ${known[1]}` };
}

function withoutState(error: unknown): readonly [TrackingErrorCode, string] {
  if (isUnencrypted(error)) return unencrypted;
  return isUnmade(error) ? unmade : lost;
}

const passwordAsked =
  "The server asks for a password, and none was given. Put it into the URL, into PGPASSWORD, or into ~/.pgpass with mode 600.";

/** The server asked for a password and the driver had none; it has no code for that. */
function isPasswordAsked(error: unknown): boolean {
  return error instanceof Error && /client password must be a (?:non-empty )?string/.test(error.message);
}

const unencrypted = [
  "SCANFLOW_STORE_UNREACHABLE",
  "Take sslmode out of the URL, or set up TLS on the server.",
] as const;

function isUnencrypted(error: unknown): boolean {
  return error instanceof Error && /does not support SSL connections/.test(error.message);
}

const unreadable =
  "The URL cannot be read. Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for an @ in the password.";

const unmade = ["SCANFLOW_STORE_UNREACHABLE", "Check the URL and that the server runs."] as const;

/** No connection was made, so nothing was sent. */
function isUnmade(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return /^(?:ECONNREFUSED|ENOENT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(String(code));
}

/** Such an error holds the URL with its password. */
function isUnreadable(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ERR_INVALID_URL";
}

/** Node tries every address of a host and reports them together, without a message. */
function messageOf(error: unknown): string {
  const { message, errors } = error as { message?: string; errors?: readonly Error[] };
  return message || (errors ?? []).map((one) => one.message).join(", ") || String(error);
}

export function toTrackingError(error: unknown): TrackingError {
  if (error instanceof TrackingError) return error;
  const { code, message } = toWireError(error);
  return new TrackingError(code, message, isUnreadable(error) ? {} : { cause: error });
}
