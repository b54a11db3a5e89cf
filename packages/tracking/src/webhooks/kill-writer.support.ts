import { join } from "node:path";
import { fastify } from "fastify";
import { openArtifactStore } from "../artifacts/index.ts";
import { openTracking, trackingMigrations, trackingRoutes } from "../index.ts";
import { openStore } from "../store/index.ts";

/** Changes a registry over HTTP until it is killed, and prints a line for each change that was answered. */
const [, , location = "", folder = "", receiver = ""] = process.argv;
const store = await openStore<unknown>({ location, migrations: trackingMigrations });
const artifacts = await openArtifactStore({ root: join(folder, "artifacts") });
const webhooks = { allowPrivate: true, timeoutMs: 300, backoffMs: 2000 };
const tracking = await openTracking({ store, artifacts, webhooks });
const app = fastify();
await app.register(trackingRoutes(tracking));
const url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/api/2.0/mlflow`;

async function post(path: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  process.stdout.write(`${path}\n`);
}

const events = [
  { entity: "REGISTERED_MODEL", action: "CREATED" },
  { entity: "MODEL_VERSION", action: "CREATED" },
  { entity: "MODEL_VERSION_ALIAS", action: "CREATED" },
];
await post("webhooks", { name: "w", url: receiver, secret: "key", events });
for (let i = 0; ; i++) {
  const name = `m${i}`;
  await post("registered-models/create", { name });
  await Promise.all([1, 2].map(() => post("model-versions/create", { name, source: "s3://b/k" })));
  await post("registered-models/alias", { name, alias: "best", version: "2" });
}
