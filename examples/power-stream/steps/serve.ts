import type { StepContext } from "scanflow";
import { type NewRecord, StreamLog } from "scanflow/stream";

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/**
 * Made up after Elec2 (Harries 1999): demand goes with the hour of the day, the price with demand. After two thirds
 * of the time a new line brings cheap power at noon: demand is seen otherwise, and the model's rule no longer holds.
 */
export default async function serve({ params }: StepContext) {
  const hours = Number(params.hours);
  const random = generator(7);
  const changes = Math.floor((hours * 2) / 3);
  const records: NewRecord[] = Array.from({ length: hours }, (_, hour) => {
    const day = Math.sin(((hour % 24) / 24) * 2 * Math.PI);
    const changed = hour >= changes;
    const demand = round(0.5 + 0.2 * day + (changed ? 0.15 : 0) + 0.1 * (random() - 0.5));
    const rises = changed ? random() < 0.5 : random() < (demand > 0.5 ? 0.9 : 0.1);
    const predicted = demand > 0.5;
    return {
      id: `hour-${hour}`,
      timeMs: START + hour * HOUR,
      values: { demand, transfer: round(random()), predicted, wrong: predicted !== rises },
    };
  });
  const log = await StreamLog.open({ location: ".scanflow/streams.db" });
  try {
    return { ...(await log.append("power", records)) };
  } finally {
    await log.close();
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Numbers in [0, 1), the same for the same seed (Park and Miller, 1988). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
