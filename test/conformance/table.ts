import { cases } from "./cases.ts";
import { platforms } from "./platforms.ts";

/** The head and the rows of the page on conformance: what each platform does with each case, or why it cannot. */
export function conformanceTable(): readonly (readonly string[])[] {
  const head = ["workflow", "what it shows", ...platforms.map(({ name }) => name)];
  const rows = cases.map(({ name, shows }) => [
    name,
    shows,
    ...platforms.map(({ cannot }) => cannot[name] ?? "passes"),
  ]);
  return [head, ...rows];
}
