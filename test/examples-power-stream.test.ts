import { afterAll, expect, test } from "vitest";
import { ExampleCopy } from "./examples-application.test.support.ts";

const copy = new ExampleCopy("power-stream");
afterAll(() => copy.remove());

test("a change in a stream of predictions is found by a detector on the errors and by windows of the inputs", async () => {
  const { status } = await copy.run();
  expect(status).toBe("succeeded");
  const errors = await copy.scanflow(
    ...["check", "--stream", "power", "--detector", "hddm-a", "--column", "wrong", "--once", "--json"],
  );
  expect(errors.code).toBe(1);
  const alarms = documents(errors.stdout).filter(({ verdict }) => verdict.status === "alarm");
  const [, hour = ""] = /^hour-(\d+)$/.exec(alarms[0]?.record?.id ?? "") ?? [];
  expect(Number(hour)).toBeGreaterThanOrEqual(2000);
  expect(Number(hour)).toBeLessThan(2150);

  const rows = documents((await copy.scanflow("stream", "tail", "power", "--last", "3000")).stdout);
  const first = rows.slice(0, 1000).map(({ values }) => `${values?.demand},${values?.transfer}`);
  expect(copy.read("reference.csv")).toBe(`${["demand,transfer", ...first].join("\n")}\n`);
  const windows = await copy.scanflow(
    ...["check", "--stream", "power", "--reference", "reference.csv", "--columns", "demand,transfer"],
    ...["--window", "7d", "--cool-down", "4", "--once", "--json"],
  );
  expect(windows.code).toBe(1);
  const judged = documents(windows.stdout);
  const told = judged.filter((one) => one.told);
  const change = Date.UTC(2026, 0, 1) + 2000 * 3_600_000;
  expect(told[0]?.window?.endMs ?? 0).toBeGreaterThan(change);
  expect(told[0]?.verdict.columns).toContain("demand");
  expect(judged.filter(({ verdict }) => verdict.status === "alarm").length).toBeGreaterThan(told.length);
});

interface Line {
  readonly verdict: { readonly status: string; readonly columns: readonly string[] };
  readonly told?: boolean;
  readonly record?: { readonly id: string };
  readonly window?: { readonly endMs: number };
  readonly values?: Readonly<Record<string, number>>;
}

function documents(text: string): Line[] {
  const lines = text.trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}
