import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ExampleCopy, MlflowRest, tasksBy } from "./examples-application.test.support.ts";

const decks = new ExampleCopy("decks");
afterAll(() => decks.remove());

/**
 * Has a step of the copy write down where its tracker listens, and wait until there is a file `released`.
 * `SCANFLOW_TASK`, with a dot for each slash, is the name of the file that it writes.
 */
function hold(copy: ExampleCopy, step: string, { waits }: { readonly waits: boolean }): void {
  copy.write(`steps/${step}-as-it-is.ts`, copy.read(`steps/${step}.ts`));
  const folder = JSON.stringify(`${copy.folder}/`);
  copy.write(
    `steps/${step}.ts`,
    `import { existsSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import step from "./${step}-as-it-is.ts";

export default async function held(context: Parameters<typeof step>[0]) {
  const result = await step(context);
  const { SCANFLOW_TASK = "", MLFLOW_TRACKING_URI = "" } = process.env;
  writeFileSync(${folder} + SCANFLOW_TASK.replace("/", "."), MLFLOW_TRACKING_URI);
  ${waits ? `while (!existsSync(${folder} + "released")) await setTimeout(20);` : ""}
  return result;
}
`,
  );
}

describe("a tracker for each workflow", () => {
  const held = new ExampleCopy("decks");
  const patience = { timeout: 30_000, interval: 100 };
  afterAll(() => held.remove());

  test("holds that workflow's runs and no other's, and answers while the run is active", async () => {
    hold(held, "model", { waits: false });
    hold(held, "renew", { waits: true });
    const run = held.run();
    try {
      const last = join(held.folder, "workflow3.modeling");
      await Promise.race([run, expect.poll(() => existsSync(last), patience).toBe(true)]);
      const names = {
        workflow1: ["gathering", "modeling", "preprocessing"],
        workflow2: ["gathering", "modeling", "preprocessing"],
        workflow3: ["get-new-data", "modeling", "preprocessing-new-data"],
      };
      for (const [workflow, nodes] of Object.entries(names)) {
        const expected = [workflow, ...nodes.map((node) => `${workflow}/${node}`)];
        const tracker = new MlflowRest(held.read(`${workflow}.modeling`));
        const runs = async () => (await tracker.runs()).map(({ name }) => name).sort();
        await expect.poll(runs, patience).toEqual(expected);
        const measured = async () => {
          const found = (await tracker.runs()).find(({ name }) => name === expected.at(-1));
          return Object.keys(found?.metrics ?? {});
        };
        await expect
          .poll(measured, patience)
          .toEqual(expect.arrayContaining(["eccentricity", "elongation", "solidity"]));
      }
      const addresses = Object.keys(names).map((workflow) => held.read(`${workflow}.modeling`));
      expect(new Set(addresses).size).toBe(3);
      expect(addresses[2]).toBe("http://127.0.0.1:8008");
    } finally {
      held.write("released", "");
      await run;
    }
    expect((await run).status).toBe("succeeded");
  });

  test("closes its port when the run has ended", async () => {
    await expect(new MlflowRest("http://127.0.0.1:8008").runs()).rejects.toThrow("fetch failed");
  });

  test("leaves the owner's own tracker to the runs of the workflow around", async () => {
    const runs = await held.withTracker((mlflow) => mlflow.runs());
    expect(runs.map(({ tags }) => tags["scanflow.workflow"])).toEqual(["decks"]);
  });
});

/** What stands in which box: `decks > workflow1 > modeling`, `decks > workflow1 > (tracker-workflow1)`. */
function contents(svg: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  const path = (name: string) => [...open.filter((box) => box !== ""), name].join(" > ");
  for (const [token, kind, label = ""] of svg.matchAll(
    /<g class="(\w+)"(?:[^>]* aria-label="([^"]*)")?|<\/g>|<text[^>]*>tracker-[^<]*/g,
  )) {
    if (token === "</g>") open.pop();
    else if (kind === undefined) found.push(path(`(${token.split(">")[1]})`));
    else {
      if (kind === "executor") found.push(path(label.replace(/^.*\/|: executor/g, "")));
      open.push(kind === "workflow" ? (label.split(" ").at(-1) ?? "") : "");
    }
  }
  return found;
}

test("the picture has a box for each workflow inside that of the whole, with its tracker and its nodes", async () => {
  const { code, stdout } = await decks.scanflow("graph", "--format", "svg");
  expect(code).toBe(0);
  const box = (workflow: string, ...names: string[]) => names.map((name) => `decks > ${workflow} > ${name}`);
  expect(contents(stdout)).toEqual([
    ...box("workflow1", "(tracker-workflow1)", "gathering", "preprocessing", "modeling"),
    ...box("workflow2", "(tracker-workflow2)", "gathering", "preprocessing", "modeling"),
    ...box("workflow3", "(tracker-workflow3 :8008)", "get-new-data", "preprocessing-new-data", "modeling"),
  ]);
});

describe("dynamic execution", () => {
  test.each([
    ["typeA", ["A/lda", "A/nearest-centroid"]],
    ["typeB", ["B1"]],
    ["anything else", ["C1", "C2", "C3"]],
  ])("on %s runs its branch and no other", async (kind, branch) => {
    const run = await decks.run("dynamic", "--no-cache", "--device", kind);
    expect(tasksBy(run).worked).toEqual([...branch, "gathering", "preprocessing"]);
    expect(tasksBy(run).skipped).toHaveLength(run.tasks.length - branch.length - 2);
  });

  test("takes B2 when B1 fails, and the run succeeds", async () => {
    const run = await decks.run("dynamic", "--device", "typeB", "--param", "images=8");
    expect(run.status).toBe("succeeded");
    expect(tasksBy(run)).toMatchObject({ failed: ["B1"], worked: ["B2", "gathering", "preprocessing"] });
  });

  test("is told the kind of device by SCANFLOW_DEVICE_KIND too", async () => {
    const { stdout } = await decks.scanflowWith(
      { SCANFLOW_DEVICE_KIND: "typeB" },
      "run",
      "dynamic",
      "--json",
    );
    expect(stdout).toContain('"kind":"typeB"');
    expect(stdout).toMatch(/"event":"branch-taken","run":"\w+","task":"choose","branch":1/);
  });
});
