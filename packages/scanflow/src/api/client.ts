import type { z } from "zod";
import type { AnswerRoute, Route, StreamRoute } from "./route.ts";
import type { Routes } from "./routes.ts";

export interface CallOptions {
  /** Ends the call. */
  readonly signal?: AbortSignal;
}

/** What one route of the table becomes. */
export type Call<R> =
  R extends StreamRoute<infer I, infer O>
    ? (input: z.input<I>, options?: CallOptions) => AsyncIterable<z.output<O>>
    : R extends AnswerRoute<infer I, infer O>
      ? (input: z.input<I>, options?: CallOptions) => Promise<z.output<O>>
      : never;

/**
 * Every route as a function, typed by the table: `await client.runs.start({ workflow: "digits" })`. Errors have the
 * code that the owner gave.
 */
export type Client = {
  readonly [Group in keyof Routes]: {
    readonly [Name in keyof Routes[Group]]: Call<Routes[Group][Name]>;
  };
};

/** Carries a call to the owner: gives a promise for a document, an async iterable for a stream. */
export type Transport = (
  group: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
  options: CallOptions,
) => unknown;

/** A client for a table over any transport. */
export function makeClient(
  routes: Readonly<Record<string, Readonly<Record<string, Route>>>>,
  transport: Transport,
): Client {
  const groups = Object.entries(routes).map(([group, rows]) => {
    const calls = Object.keys(rows).map((name) => {
      const call = (input: Readonly<Record<string, unknown>> = {}, options: CallOptions = {}) =>
        transport(group, name, input, options);
      return [name, call] as const;
    });
    return [group, Object.fromEntries(calls)] as const;
  });
  // The table's own types say what each call takes and gives.
  return Object.fromEntries(groups) as unknown as Client;
}
