import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Cluster, followLog } from "../../../packages/scanflow/src/kubernetes/index.ts";
import { ApiServer } from "./api-server.ts";
import { writeKubeConfig } from "./kube-config.test.support.ts";
import { Refusal } from "./refusal.ts";

test.each([
  ["is told to its end over a server that is away for long", true],
  ["is given up after some tries when it has ended and nobody can be asked", false],
])("what a container writes %s", async (_, runs) => {
  const folder = mkdtempSync(join(tmpdir(), "scanflow-pod-log-"));
  let asked = 0;
  const api = await new ApiServer({
    refuse() {
      asked++;
      return asked < 10 ? new Refusal(503, "ServiceUnavailable", "the server is starting") : undefined;
    },
    async serveLog(_pod, _options, response) {
      response.end("2026-01-01T00:00:00.000000001Z written meanwhile\n");
    },
  }).start();
  const cluster = await Cluster.find({ environment: { KUBECONFIG: writeKubeConfig(folder, api.url) } });
  onTestFinished(async () => {
    cluster.close();
    await api.stop();
    rmSync(folder, { recursive: true });
  });
  api.store.create("pods", "default", { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } });
  const stop = new AbortController();
  const written = Promise.withResolvers<string>();
  const following = followLog(cluster.connection, {
    namespace: "default",
    pod: "p",
    container: "main",
    signal: stop.signal,
    write: (bytes) => written.resolve(String(bytes)),
    runs: () => runs,
    pauseMs: 1,
  });
  if (runs) {
    expect(await written.promise).toBe("written meanwhile\n");
    stop.abort();
    await following;
  } else {
    await expect(following).rejects.toMatchObject({ status: 503 });
    expect(asked).toBe(6);
  }
});
