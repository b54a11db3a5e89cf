import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fastify } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { openArtifactStore } from "../artifacts/index.ts";
import { openTracking, trackingMigrations, trackingRoutes } from "../index.ts";
import { trackingRouteTable } from "../routes/tracking-routes.ts";
import { openStore, type Store } from "../store/index.ts";
import { temporaryFolder } from "../store/temporary-folder.support.ts";
import { testLocation } from "../store/test-location.support.ts";
import { openTestTracking } from "../test-tracking.support.ts";
import { openReceiver, type Received } from "./receiver.support.ts";
import { signature } from "./send.ts";
import { createWebhook } from "./webhooks.ts";

/** What the registry holds, in the words of its events. */
async function changesIn(store: Store<unknown>): Promise<string[]> {
  const models = await store.read<{ name: string }>("SELECT name FROM tracking_models");
  const versions = await store.read<{ name: string; version: number }>(
    "SELECT m.name, v.version FROM tracking_versions v JOIN tracking_models m ON m.id = v.model",
  );
  const aliases = await store.read<{ name: string; version: number }>(
    "SELECT m.name, a.version FROM tracking_aliases a JOIN tracking_models m ON m.id = a.model",
  );
  return [
    ...models.map(({ name }) => `registered_model ${name}`),
    ...versions.map(({ name, version }) => `model_version ${name} ${version}`),
    ...aliases.map(({ name, version }) => `model_version_alias ${name} ${version}`),
  ].sort();
}

function toldIn(received: readonly Received[]): string[] {
  const told = received.map(({ body: { entity, data } }) => [entity, data.name, data.version]);
  return [...new Set(told.map((words) => words.filter((word) => word !== undefined).join(" ")))].sort();
}

test.each([14])(
  "after a SIGKILL at %i answers, the next server tells every change that is there, signed, and no other",
  async (answers) => {
    const location = await testLocation();
    const folder = await temporaryFolder();
    let killed = false;
    const receiver = await openReceiver(() => (killed ? { status: 200 } : { status: 503 }));
    const script = join(import.meta.dirname, "kill-writer.support.ts");
    const child = spawn(process.execPath, ["--conditions=source", script, location, folder, receiver.url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    let heard = 0;
    for await (const _ of createInterface(child.stdout)) if (++heard === answers) child.kill("SIGKILL");
    await exited;
    killed = true;
    const before = receiver.received.length;

    const store = await openStore<unknown>({ location, migrations: trackingMigrations });
    onTestFinished(() => store.close());
    const changes = await changesIn(store);
    expect(changes.length).toBeGreaterThanOrEqual(answers - 1);
    const artifacts = await openArtifactStore({ root: join(folder, "artifacts") });
    // What the killed server had taken is due again when its attempt would have ended.
    const webhooks = { allowPrivate: true, timeoutMs: 10_000, backoffMs: 1 };
    const tracking = await openTracking({ store, artifacts, webhooks });
    const app = fastify();
    await app.register(trackingRoutes(tracking));
    await app.ready();
    onTestFinished(() => app.close());
    const received = await receiver.until(before + changes.length);
    const after = received.slice(before);
    expect(toldIn(after)).toEqual(changes);
    for (const { headers, text } of after) {
      const id = String(headers["x-mlflow-delivery-id"]);
      const timestamp = String(headers["x-mlflow-timestamp"]);
      expect(headers["x-mlflow-signature"]).toBe(signature("key", { id, timestamp, body: text }));
    }
    await expect.poll(() => store.read("SELECT * FROM tracking_webhook_deliveries")).toEqual([]);
  },
);

test("a change and what is told of it are one write: nothing can come between", async () => {
  const { store, artifacts, tracking } = await openTestTracking();
  const events = [
    { entity: "registered_model", action: "created" },
    { entity: "model_version", action: "created" },
    { entity: "model_version_alias", action: "created" },
    { entity: "model_version_tag", action: "set" },
  ] as const;
  await createWebhook(tracking.context, { name: "w", url: "https://example.org/", events });
  await tracking.startRuns([{ runId: "r", experimentId: "0", name: "r", startTime: 1 }]);
  let left = Number.POSITIVE_INFINITY;
  const dying: Store<unknown> = Object.assign(Object.create(store) as Store<unknown>, {
    read: store.read.bind(store),
    snapshot: store.snapshot.bind(store),
    write: (unit: Parameters<typeof store.write>[0]) =>
      --left < 0 ? Promise.reject(new Error("the process has ended")) : store.write(unit),
  });
  const mortal = await openTracking({ store: dying, artifacts });
  const context = { ...mortal.context, store: dying };
  const post = async (path: string, input: Record<string, unknown>) => {
    left = 1;
    const row = trackingRouteTable.find((one) => one.methods.includes("POST") && one.path === path);
    await row?.answer(context, input).catch(() => {});
  };
  await post("registered-models/create", { name: "m" });
  await post("registered-models/create", { name: "m" });
  await post("model-versions/create", { name: "m", source: "s3://b/k" });
  await post("registered-models/alias", { name: "m", alias: "best", version: "1" });
  await post("registered-models/alias", { name: "m", alias: "best", version: "7" });
  await post("model-versions/set-tag", { name: "m", version: "1", key: "k", value: "v" });
  for (let i = 0; i < 2; i++) {
    left = 1;
    const digest = `sha256:${"a".repeat(64)}`;
    await mortal.registerVersion({ name: "engine", runId: "r", source: "model", digest }).catch(() => {});
  }
  const stored = await store.read<{ body: string }>("SELECT body FROM tracking_webhook_deliveries");
  const bodies = stored.map(({ body }) => JSON.parse(body) as Received["body"]);
  expect(
    bodies.map(({ entity, data }) => `${entity} ${data.name} ${data.version ?? ""}`.trim()).sort(),
  ).toEqual([
    "model_version engine 1",
    "model_version m 1",
    "model_version_alias m 1",
    "model_version_tag m 1",
    "registered_model engine",
    "registered_model m",
  ]);
});
