import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { start } from "./cli.test.support.ts";
import { ExampleCopy, MlflowRest } from "./examples-application.test.support.ts";

/** Without what the machine adds. */
function measured(metrics: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(metrics).filter(([key]) => !key.startsWith("system/")));
}

/** What a tracker keeps of the runs of a workflow, without ids and times. */
async function kept(mlflow: MlflowRest) {
  const runs = await mlflow.runs();
  return runs
    .map(({ name, params, metrics }) => ({ name, params, metrics: measured(metrics) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

test("a workflow's tracker may be a server elsewhere: rows, metrics and models are the same as in the folder", async () => {
  const decks = new ExampleCopy("decks");
  onTestFinished(() => decks.remove());
  const serve = async (store: string) => {
    const args = ["track", "--port", "0", "--store", `sqlite:///${store}`];
    const server = start(decks.folder, [...args, "--artifacts", ".scanflow/artifacts", "--json"]);
    await server.saw("}");
    const written = readFileSync(`${join(decks.folder, store)}.server.json`, "utf8");
    const { url } = JSON.parse(written) as { url: string };
    return { url, end: () => server.child.kill("SIGTERM"), ended: server.ended };
  };
  const own = await decks.run();
  const here = await serve(".scanflow/trackers/workflow3.tracker-workflow3.db");
  const expected = await kept(new MlflowRest(here.url));
  here.end();
  await here.ended;
  expect(expected.map(({ name }) => name)).toEqual([
    "workflow3",
    "workflow3/get-new-data",
    "workflow3/modeling",
    "workflow3/preprocessing-new-data",
  ]);

  const elsewhere = await serve("elsewhere.db");
  const variables = { SCANFLOW_TRACKERS: `tracker-workflow3=${elsewhere.url}` };
  const again = await decks.scanflowWith(variables, "run", "--no-cache", "--json");
  expect(again).toMatchObject({ code: 0, stderr: "" });
  expect(await kept(new MlflowRest(elsewhere.url))).toEqual(expected);
  expect(own.status).toBe("succeeded");
  // What it refers to in the artifact store is not known here.
  const collected = await decks.scanflow("gc");
  expect(collected).toMatchObject({ code: 2, stderr: expect.stringContaining(`runs at ${elsewhere.url}`) });
});

test("a tracker elsewhere that is no URL is refused before anything runs", async () => {
  const decks = new ExampleCopy("decks");
  onTestFinished(() => decks.remove());
  const { code, stderr } = await decks.scanflowWith({ SCANFLOW_TRACKERS: "tracker-workflow3" }, "run");
  expect(code).toBe(2);
  expect(stderr).toContain("SCANFLOW_TRACKER_URL");
});
