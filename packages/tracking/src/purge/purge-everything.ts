import type { Context } from "../context.ts";
import { addDefaultExperiment } from "../experiments/default-experiment.ts";

/** In this order nothing refers to a row that is gone; what hangs below a row goes with it. */
const tables = [
  "uploads",
  "logged_models",
  "models",
  "artifacts",
  "webhooks",
  "runs",
  "datasets",
  "experiments",
] as const;

/** Removes all that the tracker holds, deleted experiments and models without versions too. */
export async function purgeEverything({ store, now }: Context): Promise<void> {
  await store.write([
    ...tables.map((name) => ({ sql: `DELETE FROM tracking_${name}` })),
    { sql: "DELETE FROM registry_history" },
    addDefaultExperiment(now()),
  ]);
}
