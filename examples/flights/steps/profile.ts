import { readFile, writeFile } from "node:fs/promises";
import { createProfiler, parseProfile } from "@scanflow/checks";
import type { StepContext } from "scanflow";
import { readBatches } from "scanflow/data";

type Params = { readonly firstRow: number };
type Context = StepContext<"flights", "profile", Params> & { readonly inputs: { readonly like?: string } };

const DAY_MS = 86_400_000;

/** Sums up one month, also by airport and by week, in the bins of the profile `like` if there is one. */
export default async function profile({ inputs, outputs, params }: Context) {
  const profiler = createProfiler({
    seed: 1,
    slices: ["origin"],
    time: { column: "departs", bucketMs: 7 * DAY_MS },
    ...(inputs.like && { like: parseProfile(await readFile(inputs.like, "utf8")) }),
    firstRow: params.firstRow,
  });
  for await (const batch of readBatches(inputs.flights)) profiler.add(batch);
  const made = profiler.finish();
  await writeFile(outputs.profile, JSON.stringify(made));
  return { rows: made.rows };
}
