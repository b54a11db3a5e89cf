import type { Bench, Started } from "../bench.test.support.ts";
import type { AttemptSpec } from "../runner.ts";

/** Writes a module and starts its default export. */
export async function startStep(
  bench: Bench,
  code: string,
  given: Partial<AttemptSpec> = {},
): Promise<Started> {
  await bench.write("step.ts", code);
  return bench.start({ command: { kind: "module", module: "step.ts", export: "default" }, ...given });
}

export async function resultOf(attempt: Started): Promise<unknown> {
  const outcome = await attempt.done;
  if (outcome.kind !== "succeeded") throw new Error(JSON.stringify(outcome));
  return outcome.result;
}
