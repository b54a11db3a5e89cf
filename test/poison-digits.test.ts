import { readFileSync } from "node:fs";
import { join } from "node:path";
import { batchOf, type Dataset, datasetOf } from "@scanflow/checks";
import { createRandom } from "@scanflow/checks/random";
import { checkPoison } from "@scanflow/checks/validation";
import { describe, expect, test } from "vitest";

const text = readFileSync(join(import.meta.dirname, "../examples/digits/data/digits.csv"), "utf8");
const [header = "", ...lines] = text.trim().split("\n");
const names = header.split(",");
const all = lines.map((line) => line.split(",").map(Number));
const label = names.findIndex((name) => !name.startsWith("pixel"));

function shuffled<Value>(values: readonly Value[], below: (limit: number) => number): Value[] {
  const list = [...values];
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = below(at + 1);
    [list[at], list[other]] = [list[other] as Value, list[at] as Value];
  }
  return list;
}

function datasetFrom(rows: readonly (readonly number[])[], name: string): Dataset {
  return datasetOf(
    name,
    batchOf(Object.fromEntries(names.map((own, at) => [own, rows.map((row) => row[at] ?? 0)]))),
  );
}

describe("digits, half of them trusted and half new, in three draws", () => {
  const statuses = async (
    poison: (row: number[], below: (limit: number) => number) => number[],
    share: number,
  ) => {
    const found: string[] = [];
    for (let seed = 1; seed <= 3; seed += 1) {
      const { below } = createRandom(seed, "poison-digits");
      const rows = shuffled(all, below);
      const trusted = datasetFrom(rows.slice(0, 898), "trusted");
      const fresh = rows.slice(898);
      const bad = Math.round(share * fresh.length);
      const window = fresh.map((row, at) => (at < bad ? poison([...row], below) : row));
      const { status } = await checkPoison(datasetFrom(window, "new"), trusted, {
        label: names[label] as string,
      });
      found.push(status);
    }
    return found;
  };

  test("clean ones raise no alarm", async () => {
    expect(await statuses((row) => row, 0)).toEqual(new Array(3).fill("ok"));
  });

  test("5 % flipped labels raise one each time", async () => {
    const flipped = (row: number[], below: (limit: number) => number) => {
      row[label] = ((row[label] as number) + 1 + below(9)) % 10;
      return row;
    };
    expect(await statuses(flipped, 0.05)).toEqual(new Array(3).fill("alarm"));
  });

  test("5 % injected pictures, each pixel taken from another digit, raise one each time", async () => {
    const injected = (row: number[], below: (limit: number) => number) =>
      row.map((value, at) => (at === label ? value : ((all[below(all.length)] as number[])[at] as number)));
    expect(await statuses(injected, 0.05)).toEqual(new Array(3).fill("alarm"));
  });
});
