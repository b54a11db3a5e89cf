import { readBatches } from "scanflow/data";
import { batchToRows } from "scanflow/stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ExampleCopy, type Finished } from "./examples-application.test.support.ts";

const anomalies = new ExampleCopy("anomalies");
afterAll(() => anomalies.remove());

interface Task {
  readonly id: string;
  readonly result: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
}

let finished: Finished;
let tasks: readonly Task[];

beforeAll(async () => {
  // The original's detector is trained for fewer epochs than it had: that takes most of the time.
  finished = await anomalies.run("--param", "epochs=4");
  ({ tasks } = await anomalies.document<{ readonly tasks: readonly Task[] }>("show", "latest"));
});

function task(id: string): Task {
  const found = tasks.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no task ${id}`);
  return found;
}

function artifact(id: string, output: string): string {
  const hash = task(id).outputs[output]?.digest.replace("sha256:", "") ?? "";
  return `.scanflow/artifacts/sha256/${hash.slice(0, 2)}/${hash}`;
}

/** The rows of a CSV artifact, whose name in the store has no ending. */
async function rowsOf(id: string, output: string) {
  anomalies.write("artifact.csv", anomalies.read(artifact(id, output)));
  const rows = [];
  for await (const batch of readBatches(`${anomalies.folder}/artifact.csv`)) rows.push(...batchToRows(batch));
  return rows;
}

test("the checker rings for faulty images, and for good ones it does not", () => {
  expect(finished.status).toBe("succeeded");
  expect(task("check-good").result).toMatchObject({ status: "ok", kind: "drift" });
  expect(task("check-faulty").result).toMatchObject({ status: "alarm", kind: "drift" });
});

test("every new image has a score of its own, and a latent vector for pickers", async () => {
  const scores = await rowsOf("score", "scores");
  expect(scores).toHaveLength(300);
  for (const kind of ["autoencoder", "pca", "neighbours"]) {
    const flagged = scores.filter((row) => Number(row[kind]) > 0.95).map(({ image }) => String(image));
    const good = flagged.filter((name) => name.endsWith("good")).length;
    expect(good, kind).toBeLessThan(0.12 * 150);
    expect(flagged.length - good, kind).toBeGreaterThan(0.9 * 150);
  }
  const latent = await rowsOf("score", "latent");
  expect(latent.map(({ image }) => image)).toEqual(scores.map(({ image }) => image));
  for (const { image: _, ...vector } of latent) {
    expect(Object.keys(vector)).toHaveLength(16);
    expect(Object.values(vector).every(Number.isFinite)).toBe(true);
  }
});

test("the report names the best detector, and puts the original's figures beside ours", () => {
  const { best, found } = task("compare").result as { best: string; found: Record<string, number> };
  expect(Object.keys(found)).toEqual(["autoencoder", "pca", "neighbours", "scanflow-2021"]);
  expect(found[best]).toBe(Math.max(...Object.values(found)));
  expect(found.autoencoder).toBeGreaterThan(0.6);
  const report = anomalies.read(artifact("compare", "report"));
  expect(report).toContain(`The best detector of these digits is ${best}.`);
  expect(report).toMatch(/scanflow-2021, as published.*148 of 300.*12 picked/);
  expect(report).toContain("The most unusual new images, with their surprise");
});
