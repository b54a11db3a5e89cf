import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExampleCopy, type Finished, type TrackedRun, tasksBy } from "./examples-application.test.support.ts";
import { root } from "./house/sources.ts";
import { attemptsOf, type LineageDocument } from "./lineage.test.support.ts";

const alone = new ExampleCopy("mlproject/training");
const larger = new ExampleCopy("mlproject");

afterAll(() => {
  alone.remove();
  larger.remove();
});

/** The tracker's run of a task of a run. */
async function tracked(copy: ExampleCopy, { run }: Finished, task: string): Promise<TrackedRun> {
  const runs = await copy.withTracker((mlflow) => mlflow.runs());
  const found = runs.find(({ tags }) => tags["scanflow.run"] === run && tags["scanflow.task"] === task);
  if (found === undefined) throw new Error(`there is no tracked run of ${task}`);
  return found;
}

test("the example shares its Python environment with the other one", () => {
  const requirements = (example: string) =>
    readFileSync(join(root, "examples", example, "requirements.txt"), "utf8");
  expect(requirements("mlproject/training")).toBe(requirements("digits-python"));
});

describe("a folder with an MLproject file", () => {
  let first: Finished;

  // The environment is built where no other test has done so yet.
  beforeAll(async () => {
    first = await alone.run();
  }, 600_000);

  test("is an application: the entry point main runs in its environment", () => {
    expect(tasksBy(first).worked).toEqual(["main"]);
  });

  test("logs to the run of its task what it logs, and what it was given", async () => {
    const main = await tracked(alone, first, "main");
    expect(main.status).toBe("FINISHED");
    // The script says 1.0 of alpha, and nothing of the others.
    expect(main.params).toEqual({ data: "data/houses.csv", alpha: "1.0", folds: "5", model: "" });
    expect(main.metrics.r2).toBeGreaterThan(0.95);
    const { metrics, files } = await alone.withTracker(async (mlflow) => ({
      ...(await mlflow.get<{ metrics: { step: number }[] }>("metrics/get-history", {
        run_id: main.id,
        metric_key: "fold_r2",
      })),
      ...(await mlflow.get<{ files: { path: string }[] }>("artifacts/list", { run_id: main.id })),
    }));
    expect(metrics.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4]);
    expect(files.map(({ path }) => path)).toEqual(["weights.json"]);
    const made = (await alone.withTracker((mlflow) => mlflow.runs())).map(({ name }) => name).sort();
    expect(made).toEqual([first.run, "main"].sort());
  });

  test("is not run again unchanged, and its values come along", async () => {
    const before = await tracked(alone, first, "main");
    const again = await alone.run();
    expect(tasksBy(again).cached).toEqual(["main"]);
    const hit = await tracked(alone, again, "main");
    expect(hit.id).not.toBe(before.id);
    expect(hit.params).toEqual(before.params);
    expect(hit.metrics.r2).toBe(before.metrics.r2);
  });

  test("takes other values of its parameters, and refuses those that do not fit", async () => {
    const other = await alone.run("--param", "alpha=10", "--param", "folds=4");
    expect(tasksBy(other).worked).toEqual(["main"]);
    expect((await tracked(alone, other, "main")).params).toMatchObject({ alpha: "10.0", folds: "4" });
    const { code, stderr } = await alone.scanflow("run", "--param", "alpa=10", "--param", "alpha=ten");
    expect(code).toBe(2);
    expect(stderr).toContain("SCANFLOW_PARAM_INVALID");
    expect(stderr).toContain('"alpa" (did you mean "alpha"?)');
    expect(stderr).toContain("expected a number");
  });

  test("has a workflow for each entry point; what has no default must be given", async () => {
    const missing = await alone.scanflow("run", "describe");
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('"column" has no default and was not given');
    const described = await alone.run("describe", "--param", "column=price");
    expect(tasksBy(described).worked).toEqual(["describe"]);
    expect((await tracked(alone, described, "describe")).metrics.mean).toBeCloseTo(248_580.15, 2);
    expect((await alone.scanflow("graph", "describe")).stdout).toContain('("describe")');
    expect((await alone.scanflow("plan")).stdout).toContain("main");
  });

  test("is run again when a file of the folder changes", async () => {
    alone.write("data/houses.csv", alone.read("data/houses.csv").replace(/.*\n$/, ""));
    const changed = await alone.run("describe", "--param", "column=price");
    expect(tasksBy(changed).worked).toEqual(["describe"]);
    expect((await alone.scanflow("why", "describe")).stdout).toContain("data/houses.csv");
  });

  test("tells everything that is wrong with it before anything runs", async () => {
    alone.write(
      "MLproject",
      alone
        .read("MLproject")
        .replace("python_env.yaml", "python-env.yaml")
        .replace("{alpha}", "{alhpa}")
        .replace("column: string", "column: strin"),
    );
    const { code, stderr } = await alone.scanflow("run");
    expect(code).toBe(2);
    expect(stderr).toMatch(/MLproject:3:1 python_env: there is no file "python-env.yaml".*"python_env.yaml"/);
    expect(stderr).toMatch(/MLproject:12:5 entry_points.main.command: \{alhpa\} names no.*"\{alpha\}"/);
    expect(stderr).toMatch(/MLproject:17:7 entry_points.describe.parameters.column: .*"string"/);
    expect(stderr).toContain("has 3 problems");
  });
});

describe("an entry point as a step of a larger workflow", () => {
  let first: Finished;

  beforeAll(async () => {
    first = await larger.run();
  }, 600_000);

  test("reads what comes before it and gives what comes after it", async () => {
    expect(tasksBy(first).worked).toEqual(["gather", "report", "train"]);
    const { params, metrics } = await tracked(larger, first, "train");
    expect(params).toEqual({ alpha: "0.5", folds: "4" });
    expect(metrics.r2).toBeGreaterThan(0.95);
    const { models } = await larger.document<{ models: unknown }>("show", "latest");
    expect(models).toMatchObject([{ name: "houses", version: 1, task: "train" }]);
  });

  test("stands in the lineage of its model with the project's folder as its code", async () => {
    const attempts = attemptsOf(await larger.document<LineageDocument>("lineage", "models:/houses/1"));
    const train = attempts.find(({ task }) => task === "train");
    expect(Object.keys(train?.code ?? {}).sort()).toEqual(
      ["MLproject", "data/houses.csv", "describe.py", "python_env.yaml", "requirements.txt", "train.py"].map(
        (path) => `training/${path}`,
      ),
    );
    expect(train?.params).toMatchObject({ alpha: 0.5, folds: "4" });
  });

  test("has its script looked for in the project's folder before anything runs", async () => {
    const project = larger.read("training/MLproject");
    larger.write("training/MLproject", project.replace("python train.py", "python trian.py"));
    const { code, stderr } = await larger.scanflow("plan");
    larger.write("training/MLproject", project);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no script "training\/trian.py" \(did you mean "training\/train.py"\?\)/);
  });

  test("is taken from the cache unchanged", async () => {
    expect(tasksBy(await larger.run()).cached).toEqual(["gather", "report", "train"]);
  });
});
