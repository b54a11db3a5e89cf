import { cases } from "./cases.ts";
import { isEveryday } from "./everyday.ts";
import type { Platform } from "./platform.ts";
import { platforms } from "./platforms.ts";

/** The head and the rows of the page on conformance: what each platform does with each case, or why it cannot. */
export function conformanceTable(): readonly (readonly string[])[] {
  const head = ["workflow", "what it shows", ...platforms.map(({ name }) => name)];
  const rows = cases.map(({ name, shows }) => [
    name,
    shows,
    ...platforms.map((platform) => cellOf(platform, name)),
  ]);
  return [head, ...rows];
}

function cellOf({ cannot, slow }: Platform, name: string): string {
  const why = cannot[name];
  if (why !== undefined) return typeof why === "string" ? why : `refused: ${why.why}`;
  return slow && !isEveryday(name) ? "passes ¹" : "passes";
}
