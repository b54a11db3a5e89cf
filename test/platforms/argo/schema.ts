import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { hasShared, shared } from "../shared.ts";

const FILE = "schemas/argo-workflows.json.gz";

/** Whether Argo's published schema lies beside the project. */
export const hasArgoSchema = hasShared(FILE);

const compiled = new Map<string, ValidateFunction>();
let known: Ajv2020 | undefined;

/** Judges a manifest by Argo's own schema, unknown fields refused; undefined: there is nothing to say against it. */
export function argoProblems(manifest: unknown): string | undefined {
  const { apiVersion, kind } = manifest as { apiVersion?: string; kind?: string };
  if (apiVersion !== "argoproj.io/v1alpha1") return `${apiVersion} is not Argo's`;
  known ??= load();
  const name = `io.argoproj.workflow.v1alpha1.${kind}`;
  const judge = compiled.get(name) ?? known.compile({ $ref: `argo#/definitions/${name}` });
  compiled.set(name, judge);
  if (judge(manifest)) return undefined;
  return (judge.errors ?? [])
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    .join("; ");
}

function load(): Ajv2020 {
  const schema = JSON.parse(gunzipSync(readFileSync(shared(FILE))).toString()) as {
    readonly definitions: Record<
      string,
      { readonly properties?: unknown; readonly additionalProperties?: unknown }
    >;
  };
  const definitions = Object.fromEntries(
    Object.entries(schema.definitions).map(([name, definition]) => {
      const closed = definition.properties !== undefined && definition.additionalProperties === undefined;
      return [name, closed ? { ...definition, additionalProperties: false } : definition];
    }),
  );
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: "argo", definitions });
  return ajv;
}
