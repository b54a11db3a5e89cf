import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExampleCopy, type Finished, type TrackedRun, tasksBy } from "./examples-application.test.support.ts";
import { attemptsOf, filesOf, type LineageDocument, leadsTo } from "./lineage.test.support.ts";
import type { ShownRun } from "./upkeep.test.support.ts";

const ALL = [
  "check-drift",
  "draw-batch",
  "evaluate",
  "explore",
  "gather",
  "normalise",
  "register",
  "split",
  "train/mlp",
  "train/softmax",
];

const digits = new ExampleCopy("digits-python");
let first: Finished;

// The first run installs scikit-learn and the rest into a fresh environment.
beforeAll(async () => {
  first = await digits.run();
}, 600_000);
afterAll(() => digits.remove());

function digestOf(path: string): string {
  return `sha256:${createHash("sha256")
    .update(readFileSync(join(digits.folder, path)))
    .digest("hex")}`;
}

/** The tracker's runs of the first run, by name. */
async function trackedRuns(): Promise<Map<string, TrackedRun>> {
  const runs = await digits.withTracker((mlflow) => mlflow.runs());
  return new Map(runs.filter(({ tags }) => tags["scanflow.run"] === first.run).map((run) => [run.name, run]));
}

describe("scripts in Python", () => {
  test("all run, and end with a test accuracy of 0.95 at least", async () => {
    expect(tasksBy(first).worked).toEqual(ALL);
    const { stdout } = await digits.scanflow("logs", "latest", "register");
    const [, accuracy] = /^test accuracy (0\.\d{4})$/m.exec(stdout) ?? [];
    expect(Number(accuracy)).toBeGreaterThanOrEqual(0.95);
  });

  test("leave a registered model", async () => {
    const { models } = await digits.document<{ models: unknown }>("show", "latest");
    expect(models).toMatchObject([{ name: "digits", version: 1, task: "register" }]);
  });

  test("log with plain mlflow calls to the run of their attempt, nested under its workflow's", async () => {
    const runs = await trackedRuns();
    const mlp = runs.get("train/mlp");
    expect(mlp?.status).toBe("FINISHED");
    expect(mlp?.params).toMatchObject({ hidden: "64", epochs: "40", alpha: "0.0001" });
    expect(mlp?.metrics.validationAccuracy).toBeGreaterThan(0.9);
    expect(mlp?.parent).toBe(runs.get("train")?.id);
    expect(runs.get("train")?.parent).toBe(runs.get(first.run)?.id);
    expect(runs.get("register")?.tags.model).toMatch(/^(mlp|softmax)$/);
    expect(runs.get("evaluate")?.parent).toBe(runs.get(first.run)?.id);
  });

  test("log a metric at every step, and artifacts", async () => {
    const mlp = (await trackedRuns()).get("train/mlp")?.id ?? "";
    const { metrics, files } = await digits.withTracker(async (mlflow) => ({
      ...(await mlflow.get<{ metrics: { step: number }[] }>("metrics/get-history", {
        run_id: mlp,
        metric_key: "loss",
      })),
      ...(await mlflow.get<{ files: { path: string }[] }>("artifacts/list", { run_id: mlp })),
    }));
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    expect(files.map(({ path }) => path)).toContain("mlp.joblib");
  });

  test("stand in the lineage of the model, by every artifact back to the raw file", async () => {
    const found = await digits.document<LineageDocument>("lineage", "models:/digits/1");
    const attempts = attemptsOf(found);
    expect(attempts.map(({ task }) => task).sort()).toEqual(ALL.filter((task) => task !== "explore"));
    const requirements = digits.read("requirements.txt").trim().split("\n");
    for (const { run, user, started, ended, code, environment } of attempts) {
      expect({ run, user: Boolean(user) }).toEqual({ run: first.run, user: true });
      expect(started).toBeLessThanOrEqual(ended ?? 0);
      expect(Object.keys(code)).toContain("steps/node.py");
      for (const [path, digest] of Object.entries(code)) expect(digest).toBe(digestOf(path));
      expect(environment.summary).toContain("requirements.txt");
      expect(environment.summary).toMatch(/Python 3\.\d+/);
      for (const line of requirements) expect(environment.definition).toContain(line);
    }
    expect(attempts.find(({ task }) => task === "train/mlp")?.params).toMatchObject({ hidden: 64, seed: 42 });
    expect(filesOf(found)).toEqual([["data/digits.csv", digestOf("data/digits.csv")]]);

    // Every output that the run shows has its digest in it, but for what was made beside the model.
    const { tasks } = await digits.document<ShownRun>("show", first.run);
    const made = tasks.flatMap(({ id, outputs }) =>
      Object.entries(outputs).map(([name, { digest }]) => [`${first.run}/${id}/${name}`, digest] as const),
    );
    const told = new Map(
      found.nodes.flatMap(({ id, kind, digest }) => (kind === "artifact" ? [[id, digest]] : [])),
    );
    for (const [id, digest] of told) expect(made).toContainEqual([id, digest]);
    const beside = made.filter(([id]) => !told.has(id)).map(([id]) => id.slice(first.run.length + 1));
    expect(beside.sort()).toEqual(["explore/notebook", "register/card"]);
    expect(leadsTo(found, "models:/digits/1")).toEqual(new Set(found.nodes.map(({ id }) => id)));
  });

  test("are told for people too, and drawn", async () => {
    const { stdout } = await digits.scanflow("lineage", "models:/digits/1");
    expect(stdout).toMatch(/raw +data\/digits\.csv +sha256:7a93e51f73da +your file, 259\.1 KiB/);
    expect(stdout).toMatch(/environment +Python 3\.\d+.*requirements\.txt +sha256:[0-9a-f]{12}/);
    expect(stdout).toMatch(/params .*hidden=64/);
    await digits.scanflow("lineage", "models:/digits/1", "--out", join(digits.folder, "lineage.svg"));
    for (const name of ["data/digits.csv", "gather", "train/mlp", "models:/digits/1"]) {
      expect(digits.read("lineage.svg")).toContain(`>${name}</text>`);
    }
  });

  test("are cached, whatever Python wrote beside them", async () => {
    mkdirSync(join(digits.folder, "steps/__pycache__"), { recursive: true });
    digits.write("steps/__pycache__/node.cpython-311.pyc", "what Python keeps of a module that was imported");
    expect(tasksBy(await digits.run()).cached).toEqual(ALL);
  });

  test("run again when they are touched, and alone while their outputs stay the same", async () => {
    digits.write("steps/draw_batch.py", `${digits.read("steps/draw_batch.py")}# touched\n`);
    expect(tasksBy(await digits.run()).worked).toEqual(["draw-batch"]);
    expect(await digits.document("why", "draw-batch")).toMatchObject({
      miss: { reason: "changed", changed: ["code: steps/draw_batch.py"] },
    });
  });

  test("ring when the ink of the batch fades", async () => {
    const run = await digits.run("--param", "fade=0.3");
    expect(tasksBy(run).worked).toEqual(["check-drift", "draw-batch", "register"]);
    const { tasks } = await digits.document<{ tasks: { id: string; result: unknown }[] }>("show", "latest");
    expect(tasks.find(({ id }) => id === "check-drift")?.result).toMatchObject({ status: "alarm" });
  });
});

test("a model that a script registers itself, by mlflow, has the lineage of the script's task", async () => {
  const own = `
run = mlflow.active_run() or mlflow.start_run()
mlflow.log_artifact(node.output_path("model"), "own")
client = mlflow.MlflowClient()
client.create_registered_model("own")
client.create_model_version("own", f"runs:/{run.info.run_id}/own", run.info.run_id)
client.set_registered_model_alias("own", "champion", "1")
`;
  digits.write("steps/register.py", digits.read("steps/register.py") + own);
  const { run } = await digits.run();
  const found = await digits.document<LineageDocument>("lineage", "models:/own@champion");
  expect(found.subjects).toEqual(["models:/own/1"]);
  expect(found.edges.filter(({ to }) => to === "models:/own/1")).toMatchObject([
    { from: `${run}/register/model`, kind: "derived" },
  ]);
  expect(attemptsOf(found).map(({ task }) => task)).toContain("gather");
});

interface Notebook {
  readonly cells: readonly {
    readonly source: string | readonly string[];
    readonly outputs?: readonly { readonly text?: string | readonly string[] }[];
  }[];
}

describe("the notebook", () => {
  test("is run with its parameter, and its metric is tracked", async () => {
    const explore = (await trackedRuns()).get("explore");
    expect(explore?.metrics.explainedVariance).toBeCloseTo(0.738, 3);
  });

  test("is kept with what it printed", async () => {
    const explore = (await trackedRuns()).get("explore")?.id ?? "";
    const notebook = await digits.withTracker(async ({ url }) => {
      const query = new URLSearchParams({ run_id: explore, path: "explore.ipynb" });
      return (await (await fetch(`${url}/get-artifact?${query}`)).json()) as Notebook;
    });
    const text = notebook.cells.flatMap(({ source, outputs = [] }) => [
      source,
      ...outputs.map((output) => output.text ?? ""),
    ]);
    expect(text.flat().join("")).toMatch(
      /components = 10[\s\S]*10 of 64 directions hold 73\.8% of the variance/,
    );
  });
});
