import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Ajv, type ValidateFunction } from "ajv";
import { hasShared, shared } from "../shared.ts";

const file = shared("schemas/kubernetes-definitions.json.gz");

/** Whether the published definitions lie beside the project. */
export const hasSchemas = hasShared("schemas/kubernetes-definitions.json.gz");

interface Definition {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly "x-kubernetes-group-version-kind"?: readonly { group: string; version: string; kind: string }[];
  readonly [key: string]: unknown;
}

let known: { ajv: Ajv; kinds: Map<string, string> } | undefined;
const compiled = new Map<string, ValidateFunction>();

/**
 * Judges an object by Kubernetes' own definitions, unknown fields refused; undefined: there is nothing to say against
 * it. What the definitions do not say (names, references, what excludes what) is not looked at.
 */
export function problemsOf(object: unknown): string | undefined {
  known ??= load();
  const { apiVersion, kind } = object as { apiVersion?: string; kind?: string };
  const name = known.kinds.get(`${apiVersion} ${kind}`);
  if (name === undefined) return `there is no kind ${kind} in ${apiVersion}`;
  const judge = compiled.get(name) ?? known.ajv.compile({ $ref: `kubernetes#/definitions/${name}` });
  compiled.set(name, judge);
  if (judge(object)) return undefined;
  return (judge.errors ?? [])
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    .join("; ");
}

function load(): { ajv: Ajv; kinds: Map<string, string> } {
  const document = JSON.parse(gunzipSync(readFileSync(file)).toString()) as
    | Record<string, Definition>
    | { definitions: Record<string, Definition> };
  const given = ("definitions" in document ? document.definitions : document) as Record<string, Definition>;
  const kinds = new Map<string, string>();
  const definitions: Record<string, Definition> = {};
  for (const [name, definition] of Object.entries(given)) {
    for (const { group, version, kind } of definition["x-kubernetes-group-version-kind"] ?? []) {
      kinds.set(`${group === "" ? "" : `${group}/`}${version} ${kind}`, name);
    }
    const closed = definition.properties !== undefined && definition.additionalProperties === undefined;
    definitions[name] = closed ? { ...definition, additionalProperties: false } : definition;
  }
  // Formats such as int-or-string are Kubernetes' own, and so are its keywords.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: "kubernetes", definitions: intOrString(definitions) });
  return { ajv, kinds };
}

/** OpenAPI v2 has no union of types: `int-or-string` is written as a string. */
function intOrString(definitions: Record<string, Definition>): unknown {
  return JSON.parse(JSON.stringify(definitions), (_, value: unknown) => {
    if (typeof value !== "object" || value === null || !("format" in value)) return value;
    return value.format === "int-or-string" ? { ...value, type: ["integer", "string"] } : value;
  });
}
