import type { z } from "zod";

interface RouteBase<Input extends z.ZodObject, Output extends z.ZodType> {
  readonly method: "GET" | "POST";
  /** Below `/api/v1`. A `:name` is filled in from the input; the rest of the input is the query of a GET, the body of a POST. */
  readonly path: string;
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
}

/** A route that gives one JSON document. */
export interface AnswerRoute<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType>
  extends RouteBase<Input, Output> {
  readonly answer: "document";
}

/** A route that gives a stream of JSON documents: one a line, or as Server-Sent Events where those are accepted. */
export interface StreamRoute<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType>
  extends RouteBase<Input, Output> {
  readonly answer: "stream";
}

export type Route = AnswerRoute | StreamRoute;

type Described<Input extends z.ZodObject, Output extends z.ZodType> = Omit<
  RouteBase<Input, Output>,
  "method" | "path"
>;

/** A row of the table: `get("/runs/:run", { … })`. */
export function get<I extends z.ZodObject, O extends z.ZodType>(
  path: string,
  route: Described<I, O>,
): AnswerRoute<I, O> {
  return { method: "GET", path, answer: "document", ...route };
}

export function post<I extends z.ZodObject, O extends z.ZodType>(
  path: string,
  route: Described<I, O>,
): AnswerRoute<I, O> {
  return { method: "POST", path, answer: "document", ...route };
}

export function stream<I extends z.ZodObject, O extends z.ZodType>(
  path: string,
  route: Described<I, O>,
): StreamRoute<I, O> {
  return { method: "GET", path, answer: "stream", ...route };
}

/** A stream of what happens as something is done. */
export function postStream<I extends z.ZodObject, O extends z.ZodType>(
  path: string,
  route: Described<I, O>,
): StreamRoute<I, O> {
  return { method: "POST", path, answer: "stream", ...route };
}

/** Names of the `:name` parts of a path. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? "");
}
