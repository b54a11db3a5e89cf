import { writeFileSync } from "node:fs";
import type { StepContext } from "scanflow";

/** Makes up houses: the price follows area, rooms and age, with some noise. */
export default function gather({ outputs, params }: StepContext<never, "houses">) {
  const random = generator(Number(params.seed));
  const lines = Array.from({ length: Number(params.count) }, () => {
    const area = 40 + Math.round(160 * random());
    const rooms = 1 + Math.floor(area / 30 + random());
    const age = Math.round(90 * random());
    const price = 1800 * area + 9000 * rooms - 700 * age + 20_000 * (random() - 0.5);
    return [area, rooms, age, Math.round(price)].join(",");
  });
  writeFileSync(outputs.houses, `${["area,rooms,age,price", ...lines].join("\n")}\n`);
  return { houses: lines.length };
}

/** Numbers in [0, 1), the same for the same seed (Park and Miller, 1988). */
function generator(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
