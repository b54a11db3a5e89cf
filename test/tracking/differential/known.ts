import type { Difference, Fields } from "./pair.ts";

const code = ({ body }: Difference["ours"]) => (body as Fields | null)?.error_code;
const words = ({ body }: Difference["ours"]) => String((body as Fields | null)?.message);

/** The differences that are meant to be: each is a row of docs/reference/mlflow-differences.md. */
const known: readonly ((difference: Difference) => boolean)[] = [
  // What fails for good is a 4xx here.
  ({ ours, theirs }) => theirs.status >= 500 && ours.status >= 400 && ours.status < 500,
  ({ ours, theirs }) => theirs.status === 405 && code(ours) === "ENDPOINT_NOT_FOUND",
  // The text of the database's error.
  ({ ours, theirs }) => code(ours) === "RESOURCE_ALREADY_EXISTS" && /IntegrityError/.test(words(theirs)),
  // MLflow names a setting of its own.
  ({ ours, theirs }) => sameCode(ours, theirs) && words(theirs).startsWith(words(ours)),
  // A version tells where its files lie, whatever its source was called.
  ({ asked, ours }) => asked.startsWith("GET model-versions/get-download-uri") && ours.status === 200,
  // MLflow compares the name of a status with its number.
  ({ asked }) => asked.startsWith("POST logged-models/search") && asked.includes("status = 'READY'"),
  // Wrong types are named, not passed over.
  ({ ours }) => ours.status === 400 && / Hint: Value was of type '/.test(words(ours)),
  ({ ours }) => ours.status === 400 && /^Missing value for required parameter '.*key'/.test(words(ours)),
  // Filters and orders: the same code, in other words.
  ({ asked, ours, theirs }) =>
    /search/.test(asked) && ours.status === theirs.status && sameCode(ours, theirs),
  ({ asked, ours }) => /search/.test(asked) && /^Invalid clause\(s\) in filter string/.test(words(ours)),
  // A version tells its aliases in every answer.
  ({ ours, theirs }) =>
    ours.status === 200 && without(ours.body, "aliases") === without(theirs.body, "aliases"),
];

function sameCode(ours: Difference["ours"], theirs: Difference["theirs"]): boolean {
  return code(ours) !== undefined && code(ours) === code(theirs);
}

function without(body: unknown, field: string): string {
  return JSON.stringify(body, (key, value) => (key === field ? undefined : value));
}

export function isKnown(difference: Difference): boolean {
  return known.some((covers) => covers(difference));
}
