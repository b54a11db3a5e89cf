import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ExampleCopy, type Finished } from "./examples-application.test.support.ts";
import { attemptsOf, filesOf, type LineageDocument } from "./lineage.test.support.ts";

const digits = new ExampleCopy("digits");
let first: Finished;

beforeAll(async () => {
  first = await digits.run("--openlineage", join(digits.folder, "events.jsonl"));
});
afterAll(() => digits.remove());

const lineage = (subject: string) => digits.document<LineageDocument>("lineage", subject);

test("a model leads back to the raw file, by every task with its code, environment and person", async () => {
  const found = await lineage("models:/digits/1");
  const attempts = attemptsOf(found);
  const worked = first.tasks.map(({ name }) => name).sort();
  // What explains the model came after it.
  const before = worked.filter((name) => name !== "explain");
  expect(before).toHaveLength(worked.length - 1);
  expect(attempts.map(({ task }) => task).sort()).toEqual(before);
  for (const { run, status, user, code, environment, started, ended } of attempts) {
    expect({ run, status }).toEqual({ run: first.run, status: "succeeded" });
    expect(user).toBeTruthy();
    expect(started).toBeLessThanOrEqual(ended ?? 0);
    expect(environment.summary).toMatch(/^this machine, Node \d+$/);
    expect(Object.keys(code).length).toBeGreaterThan(0);
    for (const [path, digest] of Object.entries(code)) expect(digest).toBe(digestOf(path));
  }
  expect(filesOf(found)).toEqual([["data/digits.csv", digestOf("data/digits.csv")]]);
});

test("the tree is for people: it begins with the model and ends with the raw file's digest", async () => {
  const { stdout } = await digits.scanflow("lineage", "models:/digits/latest");
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe("models:/digits/1");
  expect(lines[1]).toMatch(/^└─ model\.json {2}sha256:[0-9a-f]{12} {2}← register$/);
  expect(stdout).toMatch(/chosen by choose/);
  expect(stdout).toMatch(/choose .* branch \d since .*Validation/);
  expect(lines.at(-1)).toContain(`data/digits.csv  ${digestOf("data/digits.csv")}`);
});

test("after a change, what is new leads through what came from the cache to the run that made it", async () => {
  const second = await digits.run("--param", "fade=0.3");
  const found = await lineage("latest/register/model");
  const runs = new Map(attemptsOf(found).map(({ task, run }) => [task, run]));
  expect(runs.get("draw-batch")).toBe(second.run);
  expect(runs.get("train/mlp")).toBe(first.run);
  expect(found.edges.filter(({ cachedIn }) => cachedIn === second.run).length).toBeGreaterThan(0);
});

test("pictures of it are an SVG and a Mermaid chart that name every task", async () => {
  await digits.scanflow("lineage", "models:/digits/1", "--out", join(digits.folder, "lineage.svg"));
  const svg = digits.read("lineage.svg");
  expect(svg).toMatch(/^<svg /);
  const { stdout } = await digits.scanflow("lineage", "models:/digits/1", "--format", "mermaid");
  expect(stdout).toMatch(/^flowchart LR\n/);
  for (const task of ["gather", "split", "check-drift", "register"]) {
    expect(svg).toContain(`>${task}</text>`);
    expect(stdout).toContain(task);
  }
});

test("what nobody made here has no lineage, and the error says what can be asked", async () => {
  const { code, stderr } = await digits.scanflow("lineage", "models:/digits/99");
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error SCANFLOW_LINEAGE_UNKNOWN: .*models:\/digits\/99/);
});

test("OpenLineage heard of the run: each job began and ended once", () => {
  const events = digits
    .read("events.jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { eventType: string; job: { name: string } });
  const of = (type: string) =>
    events.flatMap(({ eventType, job }) => (eventType === type ? [job.name] : [])).sort();
  expect(of("START")).toEqual(of("COMPLETE"));
  expect(of("START")).toEqual(
    ["digits", "digits.train", ...first.tasks.map(({ name }) => `digits.${name}`)].sort(),
  );
});

function digestOf(path: string): string {
  const bytes = readFileSync(join(digits.folder, path));
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
