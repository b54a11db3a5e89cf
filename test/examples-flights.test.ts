import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type JsonObject, type Profile, parseProfile } from "@scanflow/checks";
import { readBatches } from "scanflow/data";
import { batchToRows } from "scanflow/stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ExampleCopy, type Finished } from "./examples-application.test.support.ts";

const BEFORE = ["2013-01", "2013-02", "2013-03", "2013-04", "2013-05"];
const flights = new ExampleCopy("flights");
let finished: Finished;
let kept: string;

beforeAll(async () => {
  finished = await flights.run("--param", "rehearsals=20");
  kept = await flights.output("merge", "profile");
});
afterAll(() => flights.remove());

async function rowsOf(...months: readonly string[]): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  for (const month of months) {
    const path = join(flights.folder, `data/${month}.csv.gz`);
    for await (const batch of readBatches(path)) rows.push(...batchToRows(batch));
  }
  return rows;
}

test("months that were profiled apart are one reference: its bins, slices and weeks count all their rows", async () => {
  const rows = await rowsOf(...BEFORE);
  const reference: Profile = parseProfile(readFileSync(kept, "utf8"));
  expect(reference.rows).toBe(rows.length);
  const delay = reference.columns.find(({ name }) => name === "delay");
  if (delay?.kind !== "number") throw new Error("delay is a number");
  const { cuts, counts } = delay.histogram;
  const delays = rows.map((row) => row.delay).filter((value) => typeof value === "number");
  const counted = counts.map(
    (_, bin) => delays.filter((value) => cuts.filter((cut) => value >= cut).length === bin).length,
  );
  expect(counts).toEqual(counted);
  const [airports, weeks] = reference.segmentations;
  const departures = (origin: unknown) => rows.filter((row) => row.origin === origin).length;
  for (const { value, rows: own } of airports?.segments ?? []) expect(own).toBe(departures(value));
  expect(airports?.segments).toHaveLength(3);
  expect(weeks?.segments.reduce((sum, { rows: own }) => sum + own, 0)).toBe(rows.length);
  expect(weeks?.segments.length).toBeGreaterThan(20);
});

test("three of seven months ring, and name the columns and bins that changed", async () => {
  expect(finished.status).toBe("succeeded");
  const table: { month: string; status: string; rules: { PSI: string[] } }[] = JSON.parse(
    readFileSync(await flights.output("compare", "table"), "utf8"),
  );
  const ringing = table.filter(({ status }) => status === "alarm").map(({ month }) => month);
  expect(ringing).toEqual(["2013-07", "2013-10", "2013-12"]);
  expect(table.filter(({ rules }) => rules.PSI.length > 0).length).toBeGreaterThan(ringing.length);

  const october = await flights.verdict("check-2013-10");
  expect(october.columns).toEqual(["carrier [origin=LGA]"]);
  const share = (rows: readonly JsonObject[]) => {
    const own = rows.filter(({ origin }) => origin === "LGA");
    return own.filter(({ carrier }) => carrier === "EV").length / own.length;
  };
  expect(share(await rowsOf("2013-10"))).toBeGreaterThan(2 * share(await rowsOf(...BEFORE)));

  const december = await flights.verdict("check-2013-12");
  const [, from, before, now] = /delay (-?\d+)\+: (\d+) % → (\d+) %/.exec(december.message) ?? [];
  const late = (rows: readonly JsonObject[]) =>
    Math.round(
      (100 * rows.filter(({ delay }) => delay !== null && Number(delay) >= Number(from)).length) /
        rows.length,
    );
  expect(Number(before)).toBe(late(await rowsOf(...BEFORE)));
  expect(Number(now)).toBe(late(await rowsOf("2013-12")));
  expect(readFileSync(await flights.output("check-2013-12", "report"), "utf8")).toMatch(/<svg/);
});

test("while nothing changes the verdict keeps quiet in windows of any size, fixed thresholds do not", async () => {
  const [small, large] = JSON.parse(readFileSync(await flights.output("rehearse", "rates"), "utf8"));
  expect([small.rows, large.rows]).toEqual([100, 800]);
  for (const { rings } of [small, large]) {
    // Of 20 windows at .05, 5 or more ring with a chance of .003.
    expect(rings["drift significant"]).toBeLessThan(5);
    expect(rings["drift alarm"]).toBeLessThanOrEqual(rings["drift significant"]);
  }
  expect(small.rings["PSI of 0.1 or more"]).toBeGreaterThan(15);
  expect(large.rings["PSI of 0.1 or more"]).toBeLessThan(5);
});

test("the profile alone judges a month, when the flights it was made of are gone", async () => {
  for (const month of BEFORE) rmSync(join(flights.folder, `data/${month}.csv.gz`));
  const args = ["check", "--reference", kept, "--current", "data/2013-12.csv.gz", "--json"];
  const { code, stdout } = await flights.scanflow(...args);
  expect(code).toBe(1);
  const { verdict } = JSON.parse(stdout);
  expect(verdict.columns).toEqual((await flights.verdict("check-2013-12")).columns);
});
