import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startS3rver } from "../../packages/tracking/src/objects/s3rver.support.ts";
import { findPostgres, startCluster } from "../../packages/tracking/src/store/postgres/cluster.support.ts";
import { folderOf, scanflow } from "../cli.test.support.ts";
import { MlflowRest } from "../examples-application.test.support.ts";
import { exportedServer } from "./exported-server.test.support.ts";

const postgres = findPostgres();

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

test("the exported server keeps up, is found ready by its probe, takes the run that the exported schedule asks for, and keeps it in the exported tracker", async () => {
  const folder = await folderOf({ "scanflow.yaml": definition });
  const secret = { SCANFLOW_SERVER_TOKEN: "a-token-of-the-secret" };
  const store = `sqlite:///${join(folder, "tracker.db")}`;
  const exported = await exportedServer(folder, { definition, store, secret });
  const { port } = exported;
  const up = await exported.up();

  const { path, httpHeaders } = exported.containerOf("Deployment", "scanflow").readinessProbe.httpGet;
  const ready = await answerOf({ port, path, host: httpHeaders[0]?.value ?? "" });
  expect(ready).toBe(200);
  expect(await answerOf({ port, path, host: "10.1.2.3:8000" })).toBe(403);

  const schedule = exported.containerOf("CronJob", "schedule-night-1");
  expect(schedule.env).toContainEqual({ name: "SCANFLOW_SERVER", value: "http://scanflow:8000" });
  const elsewhere = await folderOf({});
  const env = { ...secret, SCANFLOW_SERVER: `http://127.0.0.1:${port}` };
  const ran = await scanflow(elsewhere, schedule.command.slice(1), { env });
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("500 7") });
  const search = await fetch(`${exported.tracker}/api/2.0/mlflow/experiments/search?max_results=10`);
  expect(await search.json()).toMatchObject({
    experiments: expect.arrayContaining([expect.objectContaining({ name: "lab/night" })]),
  });
  up.child.kill("SIGTERM");
  expect(await up.ended).toMatchObject({ code: 0 });
});

const withFiles = `
application: lab
workflows:
  main:
    params: { word: { type: string, default: first } }
    nodes:
      make: { run: "mkdir {{outputs.data}} && echo made > {{outputs.data}}/rows.csv", outputs: [data] }
      use:
        run: "cat {{inputs.data}}/rows.csv > {{outputs.copy}}; echo {{params.word}} >> {{outputs.copy}}"
        inputs: { data: make.data }
        params: { word: { expression: params.word } }
        outputs: { copy: { path: copy.txt } }
`;

test.skipIf(postgres === undefined)(
  "with PostgreSQL and S3 the exported tracker hands out what runs made, and a server that lost its folder goes on from there",
  async () => {
    const folder = await folderOf({ "scanflow.yaml": withFiles });
    const cluster = await startCluster(String(postgres));
    onTestFinished(() => cluster.stop());
    const s3 = await startS3rver();
    onTestFinished(() => s3.close());
    const secret = {
      SCANFLOW_SERVER_TOKEN: "a-token-of-the-secret",
      ...{ AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER", AWS_REGION: "us-east-1" },
      AWS_ENDPOINT_URL_S3: s3.endpoint,
    };
    const exported = await exportedServer(folder, {
      definition: withFiles,
      options: { artifacts: "s3://bucket/lab" },
      store: cluster.url("postgres"),
      secret,
    });
    const call = { env: { ...secret, SCANFLOW_SERVER: `http://127.0.0.1:${exported.port}` } };
    const first = await exported.up();
    expect(await scanflow(folder, ["run"], call)).toMatchObject({ code: 0 });
    expect(await copyIn(exported.tracker)).toBe("made\nfirst\n");
    first.child.kill("SIGTERM");
    await first.ended;

    await rm(join(exported.state, "artifacts"), { recursive: true });
    const next = await exported.up();
    const again = await scanflow(folder, ["run", "--param", "word=second"], call);
    expect(again.stdout + again.stderr).toMatch(/1 (task )?cached|1 from the cache/);
    expect(again.code).toBe(0);
    expect(await copyIn(exported.tracker)).toBe("made\nsecond\n");
    next.child.kill("SIGTERM");
    expect(await next.ended).toMatchObject({ code: 0 });
  },
);

/** The newest copy that a tracker has of a run of `use`. */
async function copyIn(tracker: string): Promise<string> {
  const runs = await new MlflowRest(tracker).runs();
  const newest = runs.find(({ name }) => name === "use");
  const query = new URLSearchParams({ run_uuid: newest?.id ?? "", path: "copy.txt" });
  const answer = await fetch(`${tracker}/get-artifact?${query}`);
  return answer.text();
}

/** With a name of the host that fetch would not send. */
async function answerOf({ port, path, host }: { port: number; path: string; host: string }): Promise<number> {
  const { request } = await import("node:http");
  const asked = request({ port, path, host: "127.0.0.1", headers: { host } }).end();
  const [response] = await once(asked, "response");
  response.resume();
  return response.statusCode;
}
