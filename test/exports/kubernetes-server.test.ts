import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kubernetes } from "../../packages/scanflow/src/deploy/kubernetes/kubernetes.ts";
import { folderOf, scanflow, start } from "../cli.test.support.ts";
import { freePort } from "../platforms/free-port.ts";
import { deployed, type Manifest, manifestsOf } from "./deploy.test.support.ts";

const definition = `
application: lab
workflows:
  night:
    params: { rows: { type: integer }, tag: { type: string, default: "on" } }
    schedules: [{ cron: "0 3 * * *", params: { rows: 500, tag: "7" } }]
    nodes:
      count:
        run: sh -c 'echo "{\\"seen\\":\\"{{params.rows}} {{params.tag}}\\"}" > "$SCANFLOW_RESULT_FILE"'
        params: { rows: { expression: params.rows }, tag: { expression: params.tag } }
`;

interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly readinessProbe: {
    readonly httpGet: { readonly path: string; readonly httpHeaders: { value: string }[] };
  };
}

test("the exported server keeps up, is found ready by its probe, takes the run that the exported schedule asks for, and keeps it in the exported tracker", async () => {
  const folder = await folderOf({ "scanflow.yaml": definition });
  const manifests = manifestsOf(kubernetes, deployed(definition));
  const port = await freePort();
  const server = containerOf(manifests, "Deployment", "scanflow");
  const command = server.command.slice(1).map((word) => (word === "8000" ? String(port) : word));
  const token = { SCANFLOW_SERVER_TOKEN: "a-token-of-the-secret" };
  const state = join(folder, "state");
  const trackerPort = await freePort();
  const said: Readonly<Record<string, string>> = {
    "8003": String(trackerPort),
    "$(SCANFLOW_STORE)": `sqlite:///${join(folder, "tracker.db")}`,
    "/artifacts": join(state, "artifacts"),
  };
  const trackerCommand = containerOf(manifests, "Deployment", "tracker").command.slice(1);
  const tracker = start(
    folder,
    trackerCommand.map((word) => said[word] ?? word),
  );
  await tracker.saw("Tracker on");
  const addresses = server.env.find(({ name }) => name === "SCANFLOW_TRACKERS")?.value ?? "";
  const SCANFLOW_TRACKERS = addresses.replace("tracker:8003", `127.0.0.1:${trackerPort}`);
  const up = start(folder, command, { env: { ...token, SCANFLOW_STATE_DIR: state, SCANFLOW_TRACKERS } });
  await up.saw("Scanflow is up on");

  const { path, httpHeaders } = server.readinessProbe.httpGet;
  const ready = await answerOf({ port, path, host: httpHeaders[0]?.value ?? "" });
  expect(ready).toBe(200);
  expect(await answerOf({ port, path, host: "10.1.2.3:8000" })).toBe(403);

  const schedule = containerOf(manifests, "CronJob", "schedule-night-1");
  expect(schedule.env).toContainEqual({ name: "SCANFLOW_SERVER", value: "http://scanflow:8000" });
  const elsewhere = await folderOf({});
  const env = { ...token, SCANFLOW_SERVER: `http://127.0.0.1:${port}` };
  const ran = await scanflow(elsewhere, schedule.command.slice(1), { env });
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("500 7") });
  const search = await fetch(
    `http://127.0.0.1:${trackerPort}/api/2.0/mlflow/experiments/search?max_results=10`,
  );
  expect(await search.json()).toMatchObject({
    experiments: expect.arrayContaining([expect.objectContaining({ name: "lab/night" })]),
  });
  up.child.kill("SIGTERM");
  expect(await up.ended).toMatchObject({ code: 0 });
});

function containerOf(manifests: readonly Manifest[], kind: string, name: string): Container {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  const { spec } = JSON.parse(JSON.stringify(found));
  return (spec.jobTemplate?.spec ?? spec).template.spec.containers[0];
}

/** With a name of the host that fetch would not send. */
async function answerOf({ port, path, host }: { port: number; path: string; host: string }): Promise<number> {
  const { request } = await import("node:http");
  const asked = request({ port, path, host: "127.0.0.1", headers: { host } }).end();
  const [response] = await once(asked, "response");
  response.resume();
  return response.statusCode;
}
