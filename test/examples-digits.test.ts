import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDigits } from "../examples/digits/steps/shared/digit-table.ts";
import { rowOf } from "../examples/digits/steps/shared/matrix.ts";
import { readModel } from "../examples/digits/steps/shared/model-file.ts";
import { predict } from "../examples/digits/steps/shared/network.ts";
import { ExampleCopy, type Finished, tasksBy } from "./examples-application.test.support.ts";

const ALL = [
  "check-drift",
  "draw-batch",
  "evaluate",
  "explain",
  "gather",
  "normalise",
  "profile",
  "register",
  "split",
  "train/mlp",
  "train/softmax",
];

interface Explained {
  readonly row: number;
  readonly digit: number;
  readonly is: number;
  readonly base: number;
  /** Contributions of the patches to the answer `digit`. */
  readonly patches: readonly number[];
}

interface Shown {
  readonly models: readonly { readonly name: string; readonly version: number; readonly task: string }[];
  readonly tasks: readonly {
    readonly id: string;
    readonly result: Readonly<Record<string, unknown>>;
    readonly metrics: Readonly<Record<string, number>>;
    readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
  }[];
}

const digits = new ExampleCopy("digits");
let printed = "";

beforeAll(async () => {
  const { code, stdout, stderr } = await digits.scanflow("run");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  printed = stdout;
});
afterAll(() => digits.remove());

const without = (...names: readonly string[]) => ALL.filter((name) => !names.includes(name));

async function shown(run = "latest"): Promise<Shown> {
  return digits.document<Shown>("show", run);
}

async function outputsOf(task: string) {
  const { tasks } = await shown();
  return tasks.find(({ id }) => id === task)?.outputs;
}

describe("the first run", () => {
  test("prints both models' accuracies, a test accuracy of 0.95 at least, the version and where to look", () => {
    expect(printed).toMatch(/softmax +validation 0\.\d{4} {2}test 0\.\d{4}/);
    expect(printed).toMatch(/mlp +validation 0\.\d{4} {2}test 0\.\d{4}/);
    const lines = printed.split("\n").filter((line) => /^test accuracy 0\.\d{4}$/.test(line));
    expect(lines).toHaveLength(1);
    expect(Number(lines[0]?.split(" ").at(-1))).toBeGreaterThanOrEqual(0.95);
    expect(printed).toMatch(/registered digits version 1/);
    expect(printed).toMatch(/scanflow show \w+/);
  });

  test("reports on test data the model that was better on validation data", async () => {
    const { tasks } = await shown();
    const scores = tasks.find(({ id }) => id === "evaluate")?.metrics ?? {};
    const chosen = (scores.mlpValidation ?? 0) >= (scores.softmaxValidation ?? 0) ? "mlp" : "softmax";
    expect(tasks.find(({ id }) => id === "register")?.result).toEqual({
      model: chosen,
      testAccuracy: scores[`${chosen}Test`],
    });
  });

  test("leaves a registered model in the tracker", async () => {
    const versions = await digits.withTracker((mlflow) =>
      mlflow.get<{ model_versions: unknown }>("model-versions/search", { filter: "name = 'digits'" }),
    );
    expect(versions.model_versions).toMatchObject([{ name: "digits", version: "1", status: "READY" }]);
    expect((await shown()).models).toMatchObject([{ name: "digits", version: 1, task: "register" }]);
  });

  test("explains misread digits: what their parts did adds up to the answer", async () => {
    const explained: Explained[] = JSON.parse(
      readFileSync(await digits.output("explain", "explanation"), "utf8"),
    );
    expect(explained.length).toBeGreaterThan(3);
    const { tasks } = await shown();
    const chosen = tasks.find(({ id }) => id === "register")?.result.model;
    const { network } = await readModel(await digits.output(`train/${chosen}`, "model"));
    const { pixels, labels } = await readDigits(await digits.output("normalise", "test"));
    const answers = predict(network, pixels);
    for (const { row, digit, is, base, patches } of explained) {
      expect(is).toBe(labels[row]);
      expect(digit).not.toBe(is);
      const own = rowOf(answers, row);
      expect(own[digit]).toBe(Math.max(...own));
      expect(patches.reduce((sum, value) => sum + value, base)).toBeCloseTo(own[digit] ?? 0, 9);
    }
    expect(readFileSync(await digits.output("explain", "picture"), "utf8")).toMatch(/<svg[\s\S]*read as \d/);
  });

  test("nests each task's tracker run under its workflow's", async () => {
    const runs = await digits.withTracker((mlflow) => mlflow.runs());
    const parents = new Map(runs.map(({ id, name }) => [id, name]));
    const parentOf = (name: string) => parents.get(runs.find((run) => run.name === name)?.parent ?? "");
    expect(parentOf("train/mlp")).toBe("train");
    expect(parentOf("evaluate")).toBe(parentOf("train"));
    expect(runs.find(({ name }) => name === "train/mlp")?.metrics.validationAccuracy).toBeGreaterThan(0.9);
  });
});

describe("a later run", () => {
  let finished: Finished;

  test("takes everything from the cache", async () => {
    finished = await digits.run();
    expect(tasksBy(finished).cached).toEqual(ALL);
  });

  test("ends with a JSON line of the documented shape", () => {
    expect(Object.keys(finished).slice(0, 4)).toEqual(["event", "run", "status", "tasks"]);
    expect(finished).toMatchObject({ event: "run-finished", status: "succeeded" });
    for (const task of finished.tasks) {
      expect(Object.keys(task)).toEqual(["name", "status", "cached", "attempts", "durationMs"]);
    }
  });

  test("runs a step whose code was touched, and nothing else when its output is the same", async () => {
    const before = await outputsOf("profile");
    digits.write("steps/profile.ts", `${digits.read("steps/profile.ts")}// touched\n`);
    const { worked, cached } = tasksBy(await digits.run());
    expect(worked).toEqual(["profile"]);
    expect(cached).toEqual(without("profile"));
    expect(await outputsOf("profile")).toEqual(before);
  });

  test("says which file made it run", async () => {
    expect(await digits.document("why", "profile")).toMatchObject({
      cached: false,
      miss: { reason: "changed", changed: ["code: steps/profile.ts"] },
    });
    const { stdout } = await digits.scanflow("why", "profile");
    expect(stdout).toContain("steps/profile.ts");
  });

  test("runs what depends on an output that changed, and no more", async () => {
    const code = digits.read("steps/profile.ts");
    digits.write("steps/profile.ts", code.replace("stringify(reference)", "stringify(reference, null, 1)"));
    const { worked, cached } = tasksBy(await digits.run());
    // The verdict on the same numbers is the same, so that what comes after it is as it was.
    expect(worked).toEqual(["check-drift", "profile"]);
    expect(cached).toEqual(without("check-drift", "profile"));
    expect(await digits.document("why", "check-drift")).toMatchObject({
      miss: { reason: "changed", changed: ["input: profile"] },
    });
  });

  test("rings when the ink of the batch fades", async () => {
    const { worked } = tasksBy(await digits.run("--param", "fade=0.3"));
    expect(worked).toEqual(["check-drift", "draw-batch", "register"]);
    const { tasks } = await shown();
    expect(tasks.find(({ id }) => id === "check-drift")?.result).toMatchObject({ status: "alarm" });
  });
});
