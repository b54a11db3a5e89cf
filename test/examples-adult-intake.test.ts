import { readFileSync } from "node:fs";
import type { Fault } from "@scanflow/checks/validation";
import { afterAll, expect, test } from "vitest";
import { ExampleCopy, tasksBy } from "./examples-application.test.support.ts";

const adult = new ExampleCopy("adult");
afterAll(() => adult.remove());

async function runIntake(spoil: string) {
  const { code, stdout } = await adult.scanflow("run", "intake", "--json", "--param", `spoil=${spoil}`);
  return { code, ...tasksBy(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")) };
}

test("clean people pass the gates; the schema is the inferred one, stricter where it says so", async () => {
  const { code, worked } = await runIntake("nothing");
  expect([code, worked]).toEqual([0, ["deliver", "infer-schema", "integrity", "poison", "train"]]);
  const inferred = readFileSync(await adult.output("infer-schema", "schema"), "utf8").split("\n");
  const edited = adult.read("data/schema.yaml").split("\n").slice(2);
  expect(edited).toHaveLength(inferred.length);
  const stricter = edited.filter((line, at) => line !== inferred[at]);
  expect(stricter).toHaveLength(6);
  for (const line of stricter) expect(line).toMatch(/# by hand/);
});

test("ten planted faults are all found and no other, nothing is trained, and what was found is kept", async () => {
  const { code, failed, worked } = await runIntake("faults");
  expect([code, failed, worked]).toEqual([1, ["integrity"], ["deliver"]]);
  await adult.scanflow("gc");
  const { status, evidence } = await adult.verdict("integrity");
  expect(status).toBe("alarm");
  const found = Object.entries(evidence).flatMap(([place, { faults }]) =>
    (faults as unknown as Fault[]).map(({ rule, rows }) =>
      `${place} ${rule} ${place === "(rows)" ? "" : rows}`.trim(),
    ),
  );
  expect(found.sort()).toEqual([
    "(rows) duplicates",
    "(rows) overlap",
    "age limits 3",
    "education values 30",
    "hours-per-week type 1",
    "marital-status column 3450",
    "marital_status unknownColumn 3450",
    "race stuck 3450",
    "sex values 25",
    "workclass missing 683",
  ]);
  expect(readFileSync(await adult.output("integrity", "report"), "utf8")).toContain("marital_status");
});

test("poison that breaks no rule is found, and most of the rows that are named were tampered with", async () => {
  const { code, failed } = await runIntake("poison");
  expect([code, failed]).toEqual([1, ["poison"]]);
  expect((await adult.verdict("integrity")).status).toBe("ok");
  const { evidence } = await adult.verdict("poison");
  const suspicious = (place: string) => (evidence[place]?.suspiciousRows ?? []) as number[];
  // Every 12th label was turned round, from row 6 on; the last 120 of 3,120 rows were slipped in.
  const flipped = suspicious("income").filter((row) => (row - 1) % 12 === 5);
  expect(flipped.length).toBeGreaterThan(0.7 * suspicious("income").length);
  const injected = suspicious("(rows)").filter((row) => row > 3000);
  expect(injected.length).toBeGreaterThan(0.3 * suspicious("(rows)").length);
});
