import { type CallOptions, type Client, makeClient, type Route, routes } from "../api/index.ts";
import type { Handlers } from "./handlers.ts";
import { readInput } from "./read-input.ts";

type AnyHandler = (input: Record<string, unknown>, signal?: AbortSignal) => unknown;

/** A client for the process that is itself the owner: the same calls and the same checks, without the wire. */
export function localClient(handlers: Handlers): Client {
  const table: Readonly<Record<string, Readonly<Record<string, Route>>>> = routes;
  return makeClient(table, (group, name, input, { signal }: CallOptions) => {
    const { route, handler } = handlerOf(handlers, table, group, name);
    if (route.answer === "stream") return handler(readInput(route, input), signal);
    return (async () => handler(readInput(route, input)))();
  });
}

/** A row of the table with what answers it. Both tables have the same names. */
export function handlerOf(
  handlers: Handlers,
  table: Readonly<Record<string, Readonly<Record<string, Route>>>>,
  group: string,
  name: string,
): { route: Route; handler: AnyHandler } {
  const route = table[group]?.[name];
  const answers = handlers as unknown as Readonly<Record<string, Readonly<Record<string, AnyHandler>>>>;
  const handler = answers[group]?.[name];
  if (!route || !handler) throw new Error(`nothing answers ${group}.${name}`);
  return { route, handler };
}
