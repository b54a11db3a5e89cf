import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";

const source = join(import.meta.dirname, "../examples/digits/data/digits.csv");
const pixels = Array.from({ length: 64 }, (_, at) => `pixel_${Math.floor(at / 8)}_${at % 8}`);

/** The image of a line moved down by one pixel. */
function moved(line: string): string {
  const cells = line.split(",");
  return [...Array.from({ length: 8 }, () => "0"), ...cells.slice(0, 56), ...cells.slice(64)].join(",");
}

/** A checker node whose detector learns from half of the reference. */
function judging(current: string) {
  return {
    check: "shift",
    inputs: { reference: { file: "reference.csv" }, current: { file: current } },
    params: { image: [8, 8], kind: "pca", simulations: 400, read: { columns: pixels } },
    outputs: { report: "report.html" },
  };
}

test("a workflow judges windows of digits as a whole: real ones are like the reference, those moved by a pixel are not", async () => {
  const [header = "", ...lines] = (await readFile(source, "utf8")).trim().split("\n");
  const page = (some: readonly string[]) => `${[header, ...some].join("\n")}\n`;
  // The file has one writer after the other, so a window takes every tenth image.
  const window = lines.filter((_, row) => row % 10 === 0);
  const nodes = { real: judging("real.csv"), moved: judging("moved.csv") };
  const folder = await folderOf({
    "scanflow.yaml": JSON.stringify({ application: "digits", workflows: { main: { nodes } } }),
    "reference.csv": page(lines.filter((_, row) => row % 10 !== 0)),
    "real.csv": page(window),
    "moved.csv": page(window.map(moved)),
  });
  const ran = await scanflow(folder, ["run"]);
  expect(ran.code, ran.stderr + ran.stdout).toBe(0);
  const { tasks } = JSON.parse((await scanflow(folder, ["show", "--json"])).stdout);
  const told = new Map(tasks.map((task: { id: string }) => [task.id, task]));
  expect(told.get("real")).toMatchObject({ result: { status: "ok" }, metrics: { alarms: 0 } });
  expect(told.get("moved")).toMatchObject({
    result: { status: "alarm", kind: "drift" },
    metrics: { alarms: 1 },
  });
  const args = ["--reference", "reference.csv", "--current", "moved.csv", "--columns", pixels.join(",")];
  const params = JSON.stringify({ image: [8, 8], kind: "pca", simulations: 400 });
  const shown = await scanflow(folder, [
    "check",
    ...args,
    "--check",
    "shift",
    "--params",
    params,
    "--html",
    "page.html",
  ]);
  expect(shown).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/✗ shift: alarm[\s\S]*seen by .*detector \(D/),
  });
  const html = await readFile(join(folder, "page.html"), "utf8");
  expect(html).toContain("The mean image, and where the window&#39;s is another");
  expect(html).toContain("How far the window lies from the reference");
});
