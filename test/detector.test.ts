import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ColumnBatch, gatherRows, takeRows } from "@scanflow/checks";
import { compareDetectors, type Detector, fitDetector } from "@scanflow/checks/detector";
import { openDataset } from "scanflow/data";
import { createOnnxRuntime } from "scanflow/inference";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scanflow } from "./cli.test.support.ts";

const source = join(import.meta.dirname, "../examples/digits/data/digits.csv");
const runtime = createOnnxRuntime({ threads: 1 });
const pixels = Array.from({ length: 64 }, (_, at) => `pixel_${Math.floor(at / 8)}_${at % 8}`);
const image = [8, 8];
/** The file has one writer after the other, so a window takes every fifth image, not the last ones. */
const window = rows(0, 1797).filter((row) => row % 5 === 0);
const known = rows(0, 1797).filter((row) => row % 5 !== 0);
let folder = "";
let digits: ColumnBatch;
let detector: Detector;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scanflow-detector-"));
  digits = await gatherRows(await openDataset(source));
  detector = await fitDetector(takeRows(digits, known), { runtime, columns: pixels, image, seed: 1 });
  await writeFile(join(folder, "digits.onnx"), detector.save());
  const [header = "", ...lines] = (await readFile(source, "utf8")).trim().split("\n");
  const page = (some: readonly string[]) => `${[header, ...some].join("\n")}\n`;
  const chosen = window.map((row) => lines[row] ?? "");
  await writeFile(join(folder, "clean.csv"), page(chosen));
  await writeFile(join(folder, "turned.csv"), page(chosen.map(turned)));
});

afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
});

function rows(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}

/** The image of a line turned by a right angle. */
function turned(line: string): string {
  const cells = line.split(",");
  const turn = rows(0, 64).map((at) => cells[(7 - (at % 8)) * 8 + Math.floor(at / 8)]);
  return [...turn, ...cells.slice(64)].join(",");
}

test("a detector that was saved scores one row in another process as it does here", async () => {
  const script = `
    import { readFile } from "node:fs/promises";
    import { batchOf } from "@scanflow/checks";
    import { loadDetector } from "@scanflow/checks/detector";
    import { createOnnxRuntime } from "scanflow/inference";
    const detector = await loadDetector(await readFile("digits.onnx"), createOnnxRuntime({ threads: 1 }));
    const [header, ...lines] = (await readFile("clean.csv", "utf8")).trim().split("\\n");
    const cells = lines[0].split(",").map(Number);
    const row = batchOf(Object.fromEntries(header.split(",").map((name, at) => [name, [cells[at]]])));
    const { score } = await detector.score(row);
    process.stdout.write(JSON.stringify(score[0]));
  `;
  const entry = join(import.meta.dirname, "..", `.tmp-detector-${process.pid}.ts`);
  await writeFile(entry, script);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=source", entry], {
      cwd: folder,
    });
    const { score } = await detector.score(takeRows(digits, window.slice(0, 1)));
    expect(JSON.parse(stdout)).toBeCloseTo(score[0] ?? 0, 3);
  } finally {
    await rm(entry, { force: true });
  }
});

function check(current: string, params: object, more: readonly string[] = []) {
  const data = ["--json", "--current", current, "--columns", pixels.join(","), ...more];
  return scanflow(folder, ["check", ...data, "--check", "detector", "--params", JSON.stringify(params)]);
}

test("the command finds turned digits by the saved detector, and nothing in clean ones", async () => {
  const clean = await check("clean.csv", { detector: "digits.onnx" });
  expect(clean.code, clean.stderr + clean.stdout.slice(0, 500)).toBe(0);
  const found = await check("turned.csv", { detector: "digits.onnx" });
  expect(found.code, found.stderr).toBe(1);
  expect(JSON.parse(found.stdout)).toMatchObject({ verdict: { status: "alarm", kind: "drift" } });
});

test("the command fits a convolutional network of one's own to the reference", async () => {
  const conv = (filters: number, stride = 1) => ({ kind: "conv", filters, kernel: 3, stride });
  const architecture = {
    encoder: [conv(8, 2), { kind: "relu" }, conv(4, 2)],
    decoder: [{ kind: "upsample", scale: 4 }, conv(8), { kind: "relu" }, conv(1)],
  };
  const found = await check("turned.csv", { image, architecture, steps: 150 }, ["--reference", "clean.csv"]);
  expect(found.code, found.stderr + found.stdout.slice(0, 500)).toBe(1);
  expect(JSON.parse(found.stdout)).toMatchObject({ verdict: { status: "alarm", kind: "drift" } });
});

test("a detector that is not there, and one that is broken, are told with what to do", async () => {
  await writeFile(join(folder, "broken.onnx"), "no detector");
  const missing = await check("clean.csv", { detector: "none.onnx" });
  expect(missing).toMatchObject({ code: 2, stdout: expect.stringContaining("cannot be read") });
  const broken = await check("clean.csv", { detector: "broken.onnx" });
  expect(broken).toMatchObject({ code: 2, stdout: expect.stringContaining("The ONNX model") });
});

test("on real digits the autoencoder finds more of what goes wrong than its simpler neighbours", async () => {
  const { best, detectors } = await compareDetectors(digits, {
    runtime,
    columns: pixels,
    image,
    seed: 1,
  });
  const told = detectors.map(({ kind, falsePositives, mean }) => ({ kind, falsePositives, mean }));
  expect(best, JSON.stringify(told)).toBe("autoencoder");
});
