import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { hasShared, shared } from "../shared.ts";

/** Whether the definitions of KServe's kinds lie beside the project. */
export const hasKserve = hasShared("schemas/kserve-inferenceservice-crd.yaml.gz");

type Schema = Readonly<Record<string, unknown>>;

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/**
 * Judges an object by the definition of its custom resource, unknown fields refused; undefined: there is nothing to say
 * against it.
 */
export function customProblemsOf(object: unknown): string | undefined {
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  const key = `${kind} ${apiVersion}`;
  const judge = compiled.get(key) ?? judgeOf(kind, apiVersion);
  if (judge === undefined) return `there is no kind ${kind} in ${apiVersion}`;
  compiled.set(key, judge);
  if (judge(object)) return undefined;
  return (judge.errors ?? [])
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    .join("; ");
}

/** These definitions hold those of pods: to compile one takes seconds. */
const compiled = new Map<string, ValidateFunction>();

function judgeOf(kind: string, apiVersion: string): ValidateFunction | undefined {
  const file = shared(`schemas/kserve-${kind.toLowerCase()}-crd.yaml.gz`);
  const { spec } = parse(gunzipSync(readFileSync(file)).toString()) as Definition;
  const version = spec.versions.find(({ name }) => `${spec.group}/${name}` === apiVersion);
  if (version === undefined || spec.names.kind !== kind) return undefined;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  return ajv.compile(closed(version.schema.openAPIV3Schema, true) as Schema);
}

/** With unknown fields refused wherever fields are named, and a type for `int-or-string`. The object's own metadata are open. */
function closed(schema: unknown, top = false): unknown {
  if (Array.isArray(schema)) return schema.map((one) => closed(one));
  if (typeof schema !== "object" || schema === null) return schema;
  const { "x-kubernetes-int-or-string": either, ...rest } = schema as Schema;
  const inner = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, key === "metadata" && top ? value : closed(value)]),
  );
  if (either === true) return { ...inner, type: ["integer", "string"] };
  const open =
    rest["x-kubernetes-preserve-unknown-fields"] === true || rest.additionalProperties !== undefined;
  return isRecord(rest.properties) && !open && rest.type === "object"
    ? { ...inner, additionalProperties: false }
    : inner;
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
