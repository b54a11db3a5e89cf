import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { soak } from "../bench/tracking/soak.ts";
import { folderOf, follow, scanflow } from "./cli.test.support.ts";
import { clients, pythonWith } from "./tracking/python.test.support.ts";
import { startTrackServer } from "./tracking/track-server.test.support.ts";

const bin = join(import.meta.dirname, "../packages/scanflow/bin/scanflow.js");
const script = join(import.meta.dirname, "tracking", "log-steps.py");

test.each(Object.entries(clients))(
  "a script with the %s client goes on over kill -9 of the server, and nothing it stored is lost",
  async (version, requirements) => {
    const python = await pythonWith(version, requirements);
    if (!python) return;
    const folder = await folderOf({});
    const launch = { nodeArguments: [bin], folder };
    const first = await startTrackServer(launch);
    const env = { ...process.env, MLFLOW_TRACKING_URI: first.url, MLFLOW_DISABLE_TELEMETRY: "true" };
    const logging = follow(spawn(python, ["-W", "ignore", script, "300"], { cwd: folder, env }));
    await logging.saw("stored 40\n");
    first.signal("SIGKILL");
    await first.ended;
    const second = await startTrackServer(launch, Number(new URL(first.url).port));
    const { stdout, stderr } = await logging.ended;
    expect(stdout, stderr).toContain("\nok ");
    const [runId] = stdout.split("\n");
    const path = "/api/2.0/mlflow/metrics/get-history";
    const history = await fetch(`${second.url}${path}?run_id=${runId}&metric_key=loss`);
    const { metrics } = (await history.json()) as { metrics: { step: number; value: number }[] };
    expect(metrics.map(({ step, value }) => [step, value])).toEqual(
      Array.from({ length: 300 }, (_, step) => [step, step * 0.5]),
    );
    second.signal("SIGTERM");
    expect(await second.ended).toBe(0);
  },
  600_000,
);

test("32 writers and 8 readers see no error, lose no point and store none twice while the server is killed", async () => {
  const launch = { nodeArguments: [bin], folder: await folderOf({}) };
  const livesMs = [4000, 4000, 4000];
  const report = await soak({ launch, writers: 32, readers: 8, livesMs });
  expect(report.troubles).toEqual([]);
  expect(report.writes).toBeGreaterThan(32);
  expect(report.reads).toBeGreaterThan(8);
  expect(report.refused).toBeGreaterThan(0);
});

test("a second signal ends the server at once, whatever is still under way", async () => {
  const server = await startTrackServer({ nodeArguments: [bin], folder: await folderOf({}) });
  const port = Number(new URL(server.url).port);
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  const upload = "PUT /api/2.0/mlflow-artifacts/artifacts/a.txt HTTP/1.1\r\nHost: localhost\r\n";
  socket.write(`${upload}Expect: 100-continue\r\nContent-Length: 4\r\n\r\n`);
  await once(socket, "data");
  server.signal("SIGTERM");
  await untilRefused(port);
  server.signal("SIGTERM");
  expect(await server.ended).toBe(130);
});

/** A server that was asked to end takes no more connections. */
async function untilRefused(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
    } catch {
      return;
    } finally {
      socket.destroy();
    }
  }
}

test("a wrong place is told in one line, with an exit code for wrong use", async () => {
  const { code, stderr } = await scanflow(await folderOf({}), ["track", "--store", "runs.db"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error SCANFLOW_LOCATION_INVALID: .*sqlite:\/\/\/runs\.db.*\n$/);
});
