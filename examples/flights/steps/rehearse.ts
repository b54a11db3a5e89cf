import { writeFile } from "node:fs/promises";
import {
  type ColumnBatch,
  checkDrift,
  concatBatches,
  createProfiler,
  type Profile,
  takeRows,
} from "@scanflow/checks";
import { wilson } from "@scanflow/checks/statistics";
import type { StepContext } from "scanflow";
import { readBatches } from "scanflow/data";
import { distancesOf, RULES, ringing } from "./shared/rules-of-thumb.ts";

type Params = { readonly windows: number; readonly sizes: readonly number[] };

/**
 * How often would it ring while nothing has changed? Windows are drawn from the very flights of the reference, which is
 * drawn anew each time from the rest. Every ring is a false one.
 */
export default async function rehearse({
  inputs,
  outputs,
  params,
  metric,
}: StepContext<string, "rates", Params>) {
  const batches: ColumnBatch[] = [];
  for (const path of Object.values(inputs)) for await (const batch of readBatches(path)) batches.push(batch);
  const flights = concatBatches(batches);
  const random = generator(1);
  const rates = params.sizes.map((rows) => {
    const rings: Record<string, number> = {};
    const ring = (rule: string, rang: boolean) => {
      rings[rule] = (rings[rule] ?? 0) + Number(rang);
    };
    for (let draw = 0; draw < params.windows; draw += 1) {
      const order = shuffled(flights.rows, random);
      const reference = profileOf(takeRows(flights, order.slice(rows)));
      const window = profileOf(takeRows(flights, order.slice(0, rows)), reference);
      const { status } = checkDrift(reference, window, { seed: draw, simulations: 200 });
      ring("drift significant", status !== "ok");
      ring("drift alarm", status === "alarm");
      const distances = distancesOf(reference, window);
      for (const rule of RULES) ring(`${rule} of 0.1 or more`, ringing(distances, rule).length > 0);
    }
    return { rows, windows: params.windows, rings };
  });
  await writeFile(outputs.rates, JSON.stringify(rates, null, 2));
  for (const { rows, windows, rings } of rates) {
    console.log(`Of ${windows} windows of ${rows} flights in which nothing has changed, rang falsely:`);
    for (const [rule, count] of Object.entries(rings)) {
      const { value, low, high } = wilson(count, windows);
      console.log(`  ${rule.padEnd(30)} ${percent(value)} (${percent(low)} to ${percent(high)})`);
      metric(`${rule.replaceAll(/[^\w. -]/g, "-")} in ${rows}`, value);
    }
  }
}

/** @param like whose bins to count in */
function profileOf(flights: ColumnBatch, like?: Profile): Profile {
  const time = { column: "departs", bucketMs: 7 * 86_400_000 };
  const profiler = createProfiler(like ? { seed: 1, like } : { seed: 1, slices: ["origin"], time });
  profiler.add(flights);
  return profiler.finish();
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** The numbers 0 to `count - 1` in random order (Fisher–Yates). */
function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, at) => at);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}

/** Numbers in [0, 1), the same for the same seed (Park and Miller, 1988). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
