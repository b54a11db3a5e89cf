import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Profile } from "@scanflow/checks";
import { expect, test } from "vitest";
import { openDataset } from "./open-dataset.ts";
import { testFolder } from "./table.test.support.ts";

function cutsOf({ columns: [column] }: Profile): readonly number[] | null {
  return column?.kind === "number" ? column.histogram.cuts : null;
}

test("a dataset is read as often as asked, and its profile is made once", async () => {
  const path = join(testFolder(), "a.csv");
  writeFileSync(path, "a\n1\n2\n");
  const dataset = await openDataset(path);
  const [first, second] = await Promise.all([dataset.profile(), dataset.profile()]);
  expect(first).toBe(second);
  expect(first.rows).toBe(2);
  let rows = 0;
  for await (const batch of dataset.batches?.() ?? []) rows += batch.rows;
  expect(rows).toBe(2);
});

test("a saved profile is a dataset without rows, and counts in the bins of the reference", async () => {
  const folder = testFolder();
  writeFileSync(join(folder, "a.csv"), "a\n1\n2\n3\n");
  const reference = await (await openDataset(join(folder, "a.csv"))).profile();
  writeFileSync(join(folder, "a.json"), JSON.stringify(reference));
  const kept = await openDataset(join(folder, "a.json"));
  expect(kept.batches).toBeNull();
  expect(await kept.profile()).toEqual(reference);
  writeFileSync(join(folder, "b.csv"), "a\n9\n");
  const window = await (await openDataset(join(folder, "b.csv"))).profile(reference);
  expect(cutsOf(window)).toEqual(cutsOf(reference));
  expect(window.rows).toBe(1);
});

test("only these columns are those of a saved profile too, and one that it has not is told", async () => {
  const folder = testFolder();
  writeFileSync(join(folder, "a.csv"), "age,city\n31,Graz\n54,Bonn\n");
  const profile = await (await openDataset(join(folder, "a.csv"))).profile();
  writeFileSync(join(folder, "a.json"), JSON.stringify(profile));
  const picked = await openDataset(join(folder, "a.json"), { columns: ["age"] });
  expect((await picked.profile()).columns.map(({ name }) => name)).toEqual(["age"]);
  await expect(openDataset(join(folder, "a.json"), { columns: ["agee"] })).rejects.toMatchObject({
    code: "SCANFLOW_DATA_COLUMN",
    message: expect.stringContaining('Did you mean "age"?'),
  });
});

test("a profile that is cut off is told as such", async () => {
  const path = join(testFolder(), "a.json");
  writeFileSync(path, '{"format":"scanflow-profile","version":2,');
  await expect(openDataset(path)).rejects.toMatchObject({ code: "SCANFLOW_PROFILE_INVALID" });
});
