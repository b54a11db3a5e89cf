import { z } from "zod";
import { invalid } from "../refusal.ts";
import type { TrackingContext } from "../tracking.ts";
import { invalidValue } from "../validation/names.ts";
import { isList } from "./fields.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** A row of the table of routes: where it is, what it takes, what it does. */
export interface Route {
  readonly methods: readonly Method[];
  /** Below `/api/2.0/mlflow/`. */
  readonly path: string;
  readonly answer: (context: TrackingContext, input: Record<string, unknown>) => Promise<unknown>;
}

type Answer<I> = (context: TrackingContext, input: I) => Promise<unknown>;

/** An answer to a request that comes so often that looking at each field costs more than what is done. */
interface QuickAnswer<I> {
  /** Whether the input is as the usual clients send it, and right, so that nothing of it has to be converted. */
  readonly isPlain: (input: Record<string, unknown>) => boolean;
  readonly answer: Answer<I>;
}

/** Adds a row: the input is checked before `answer` sees it. */
export function route<S extends z.ZodRawShape>(
  where: `${Method | "GET|POST"} ${string}`,
  shape: S,
  answering: Answer<z.infer<z.ZodObject<S>>> | QuickAnswer<z.infer<z.ZodObject<S>>>,
): Route {
  const { isPlain, answer } =
    typeof answering === "function" ? { isPlain: () => false, answer: answering } : answering;
  const [methods = "", path = ""] = where.split(" ");
  const schema = z.object(shape);
  return {
    methods: methods.split("|") as Method[],
    path,
    answer: async (context, input) =>
      answer(
        context,
        isPlain(input)
          ? (input as z.infer<z.ZodObject<S>>)
          : parseInput(schema, methods.includes("GET") ? withLists(schema, input) : input),
      ),
  };
}

const hint = " See the API docs for more information about request parameters.";

/** In a query string, a list of one looks like its item. */
function withLists<S extends z.ZodRawShape>(schema: z.ZodObject<S>, input: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => {
      const type = Object.hasOwn(schema.shape, key) ? (schema.shape[key] as unknown as z.ZodType) : undefined;
      return [key, typeof value === "string" && isList(type) ? [value] : value];
    }),
  );
}

/** Errors: SCANFLOW_TRACKING_INVALID, in the words that clients of the protocol know. */
function parseInput<S extends z.ZodRawShape>(schema: z.ZodObject<S>, input: Record<string, unknown>) {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path ?? [];
  const value = path.reduce<unknown>(
    (inside, step) => (inside as Record<PropertyKey, unknown> | undefined)?.[step],
    input,
  );
  throw refuseField(pathText(path), value);
}

/** The refusal of one field: missing, or of the wrong type or range. */
export function refuseField(path: string, value: unknown): Error {
  if (value === undefined || value === null || value === "") {
    return invalid(`Missing value for required parameter '${path}'.${hint}`);
  }
  const shown = isShort(value) ? value : "…";
  return invalid(invalidValue(path, shown, ` Hint: Value was of type '${pythonType(value)}'.${hint}`));
}

/** Whether a value can be shown; one that is nested thousands deep cannot even be written down. */
function isShort(value: unknown): boolean {
  try {
    return JSON.stringify(value).length <= 1000;
  } catch {
    return false;
  }
}

/** The run that a request names, by either of its names. */
export function runIdOf(input: { run_id?: string | undefined; run_uuid?: string | undefined }): string {
  const runId = input.run_id ?? input.run_uuid;
  if (!runId) throw refuseField("run_id", undefined);
  return runId;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, i) => (typeof step === "number" ? `[${step}]` : `${i === 0 ? "" : "."}${String(step)}`))
    .join("");
}

/** Clients know values by the names of Python's types. */
function pythonType(value: unknown): string {
  if (typeof value === "string") return "str";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return Array.isArray(value) ? "list" : "dict";
}
