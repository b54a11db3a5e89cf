import type { Difference, Fields } from "./pair.ts";

const code = ({ body }: Difference["ours"]) => (body as Fields | null)?.error_code;
const words = ({ body }: Difference["ours"]) => String((body as Fields | null)?.message);

/** The differences that are meant to be: each is a row of docs/reference/mlflow-differences.md. */
const known: Readonly<Record<string, (difference: Difference) => boolean>> = {
  "what fails for good is a 4xx here": ({ ours, theirs }) =>
    theirs.status >= 500 && ours.status >= 400 && ours.status < 500,
  "a method that a path does not have": ({ ours, theirs }) =>
    theirs.status === 405 && code(ours) === "ENDPOINT_NOT_FOUND",
  "the text of the database's error": ({ ours, theirs }) =>
    code(ours) === "RESOURCE_ALREADY_EXISTS" && /IntegrityError/.test(words(theirs)),
  "MLflow names a setting of its own": ({ ours, theirs }) =>
    sameCode(ours, theirs) && words(theirs).startsWith(words(ours)),
  "a version tells where its files lie, whatever its source was called": ({ asked, ours }) =>
    asked.startsWith("GET model-versions/get-download-uri") && ours.status === 200,
  "MLflow compares the name of a status with its number": ({ asked }) =>
    asked.startsWith("POST logged-models/search") && asked.includes("status = 'READY'"),
  "wrong types are named, not passed over": ({ ours }) =>
    ours.status === 400 && / Hint: Value was of type '/.test(words(ours)),
  "a key that is missing is named": ({ ours }) =>
    ours.status === 400 && /^Missing value for required parameter '.*key'/.test(words(ours)),
  "filters and orders: the same code, in other words": ({ asked, ours, theirs }) =>
    /search/.test(asked) && ours.status === theirs.status && sameCode(ours, theirs),
  "a filter that MLflow takes is none": ({ asked, ours }) =>
    /search/.test(asked) && /^Invalid clause\(s\) in filter string/.test(words(ours)),
  "a version tells its aliases in every answer": ({ ours, theirs }) =>
    ours.status === 200 && without(ours.body, "aliases") === without(theirs.body, "aliases"),
};

function sameCode(ours: Difference["ours"], theirs: Difference["theirs"]): boolean {
  return code(ours) !== undefined && code(ours) === code(theirs);
}

function without(body: unknown, field: string): string {
  return JSON.stringify(body, (key, value) => (key === field ? undefined : value));
}

export function isKnown(difference: Difference): boolean {
  return Object.values(known).some((covers) => covers(difference));
}

/** The rows of which there is no difference any more, or never was. */
export function withoutDifference(differences: readonly Difference[]): string[] {
  return Object.entries(known).flatMap(([row, covers]) => (differences.some(covers) ? [] : [row]));
}
