import type { TrackingContext } from "../tracking.ts";
import { QueryError } from "./document.ts";
import { parseQuery } from "./parse-query.ts";
import { type PlannedField, planOperation } from "./plan.ts";
import { project, snakeCase } from "./project.ts";
import { extendRuns } from "./run-extension.ts";
import { roots } from "./types.ts";
import { argumentOf, bindVariables, type Variables } from "./values.ts";

export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly string[];
  readonly extensions?: { readonly code: string };
}

export interface GraphqlAnswer {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly GraphqlError[];
}

export interface Answering {
  readonly context: TrackingContext;
  /** What answers a row of the table of routes. */
  readonly ask: (route: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>;
  /** An error in the protocol's words. */
  readonly explain: (error: unknown) => { readonly code: string; readonly message: string };
}

/**
 * Answers a query of the stock UI's run pages. What is wrong with the whole is answered without data; a root field
 * that fails is null beside the others.
 */
export async function answerGraphql(request: GraphqlRequest, answering: Answering): Promise<GraphqlAnswer> {
  try {
    const document = parseQuery(request.query);
    const operation = chooseOperation(document.operations, request.operationName);
    const variables = bindVariables(operation, request.variables);
    const planned = planOperation(operation, document, variables);
    const answered = await Promise.all(
      planned.map((field) => answerRoot(field, variables, { ...answering, type: operation.type })),
    );
    const data = Object.fromEntries(answered.map(({ key, value }) => [key, value]));
    const errors = answered.flatMap(({ error }) => error ?? []);
    return errors.length > 0 ? { data, errors } : { data };
  } catch (error) {
    if (error instanceof QueryError) return { data: null, errors: [{ message: error.message }] };
    throw error;
  }
}

function chooseOperation<T extends { readonly name: string | undefined }>(
  operations: readonly T[],
  name: string | undefined,
): T {
  const named = name === undefined ? operations : operations.filter((one) => one.name === name);
  const [chosen, another] = named;
  if (!chosen)
    throw new QueryError(
      name === undefined ? "There is no operation." : `Unknown operation named "${name}".`,
    );
  if (another) throw new QueryError("Must provide operation name if query contains multiple operations.");
  return chosen;
}

interface RootAnswer {
  readonly key: string;
  readonly value: unknown;
  readonly error?: GraphqlError;
}

async function answerRoot(
  field: PlannedField,
  variables: Variables,
  { context, ask, explain, type }: Answering & { type: "query" | "mutation" },
): Promise<RootAnswer> {
  const { key, name, below, parent } = field;
  const root = Object.hasOwn(roots[type], name) ? roots[type][name] : undefined;
  if (!root) return { key, value: parent };
  const input = underSnakeCase(argumentOf(field.arguments, "input", variables) ?? {});
  try {
    const answer = await ask(root.route, input);
    return { key, value: project(await extendRuns(context, answer, below), below) };
  } catch (error) {
    const { code, message } = explain(error);
    return { key, value: null, error: { message, path: [key], extensions: { code } } };
  }
}

function underSnakeCase(input: unknown): Record<string, unknown> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new QueryError('The argument "input" must be an object.');
  }
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [snakeCase(name), value]));
}
