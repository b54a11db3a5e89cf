import { errorCode } from "../error-code.ts";
import type { Output } from "../output.ts";
import type { ImageWork } from "./image-work.ts";

/** Throws the first failure; of the others a line says what they were. */
export function tellFailures(works: readonly ImageWork[], output: Output): void {
  const [first, ...others] = works.filter(({ state }) => state === "failed");
  for (const { error, recipe } of others) {
    const message = error instanceof Error ? error.message : String(error);
    output.warn(errorCode(error) ?? "SCANFLOW_INTERNAL", `${recipe.ref}: ${message}`);
  }
  if (first !== undefined) throw first.error;
}
