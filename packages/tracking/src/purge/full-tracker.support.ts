import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { type GuardedServer, openGuardedServer } from "../access/guarded-server.support.ts";
import type { Row, SqlStore } from "../store/index.ts";
import { onPostgres } from "../store/test-location.support.ts";
import { openReceiver } from "../webhooks/receiver.support.ts";

/** What a tracker holds: every row of every table, as text, and every file by its path. */
export interface Contents {
  readonly tables: Readonly<Record<string, readonly string[]>>;
  readonly files: Readonly<Record<string, string>>;
}

/** A tracker with users and a webhook whose receiver never takes anything, which is asked through its routes. */
export class FullTracker {
  readonly server: GuardedServer;
  readonly #token: string;

  constructor(server: GuardedServer, token: string) {
    this.server = server;
    this.#token = token;
  }

  static async open(): Promise<FullTracker> {
    const webhooks = { allowPrivate: true, timeoutMs: 10_000, backoffMs: 3_600_000 };
    const server = await openGuardedServer({ webhooks });
    const tracker = new FullTracker(server, await server.tokenFor("ada", { "*": "admin" }));
    const receiver = await openReceiver(() => ({ status: 503 }));
    const events = [
      { entity: "REGISTERED_MODEL", action: "CREATED" },
      { entity: "MODEL_VERSION", action: "CREATED" },
      { entity: "MODEL_VERSION_ALIAS", action: "CREATED" },
    ];
    await tracker.post("webhooks", { name: "ci", url: receiver.url, events });
    return tracker;
  }

  async ask(
    method: "POST" | "PATCH" | "DELETE",
    path: string,
    body: object,
  ): Promise<Record<string, unknown>> {
    const answer = await this.server.ask(this.#token, method, path, body);
    expect([path, answer.status, answer.body.message]).toEqual([path, 200, undefined]);
    return answer.body;
  }

  post(path: string, body: object): Promise<Record<string, unknown>> {
    return this.ask("POST", path, body);
  }

  async put(path: string, content: string): Promise<void> {
    const { statusCode } = await this.server.app.inject({
      ...{ method: "PUT", url: `/api/2.0/mlflow-artifacts/${path}`, payload: content },
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/octet-stream" },
    });
    expect([path, statusCode]).toEqual([path, 200]);
  }

  /** An experiment in which everything was logged that can be; gives the ids of its two runs. */
  async fillExperiment(name: string): Promise<{ experimentId: string; runIds: string[] }> {
    const tags = [{ key: "kind", value: name }];
    const made = await this.post("experiments/create", { name, tags });
    const experimentId = String(made.experiment_id);
    const runIds: string[] = [];
    for (const at of [0, 1]) {
      const started = await this.post("runs/create", { experiment_id: experimentId, start_time: 1, tags });
      runIds.push((started.run as { info: { run_id: string } }).info.run_id);
      await this.#fillRun(name, { experimentId, runId: runIds[at] ?? "" });
    }
    const [maker = "", reader = ""] = runIds;
    const modelId = await this.logModel(name, { experiment_id: experimentId, source_run_id: maker });
    for (const run_id of runIds) {
      const metric = { run_id, key: "acc", value: 0.5, timestamp: 1, model_id: modelId };
      await this.post("runs/log-metric", { ...metric, dataset_name: "raw", dataset_digest: "4b" });
    }
    await this.post("runs/outputs", { run_id: maker, models: [{ model_id: modelId, step: 1 }] });
    await this.post("runs/log-inputs", { run_id: reader, models: [{ model_id: modelId }] });
    await this.fillModel(`${name}-model`, { source: `models:/${modelId}`, run_id: maker, model_id: modelId });
    await this.put(`artifacts/${experimentId}/beside.txt`, `beside ${name}`);
    return { experimentId, runIds };
  }

  async #fillRun(
    name: string,
    { experimentId, runId }: { experimentId: string; runId: string },
  ): Promise<void> {
    const datasets = [
      {
        tags: [{ key: "mlflow.data.context", value: "train" }],
        dataset: { name: `raw ${name}`, digest: "4b", source_type: "local", source: "{}", schema: "{}" },
      },
    ];
    await this.post("runs/log-batch", {
      run_id: runId,
      params: [{ key: "p", value: name }],
      tags: [{ key: "t", value: name }],
      metrics: [0, 1].map((step) => ({ key: "loss", value: step, timestamp: step, step })),
    });
    await this.post("runs/log-inputs", { run_id: runId, datasets });
    const root = `${experimentId}/${runId}/artifacts`;
    await this.put(`artifacts/${root}/own.txt`, `own of ${name} ${runId}`);
    await this.put(`artifacts/${root}/deep/shared.txt`, "shared by all");
    await this.beginUpload(`${root}/big`, `part of ${name} ${runId}`);
  }

  /** Begins an upload of two parts, of which one comes. */
  async beginUpload(folder: string, part: string): Promise<void> {
    const path = `/api/2.0/mlflow-artifacts/mpu/create/${folder}`;
    const { upload_id } = await this.post(path, { path: "big.bin", num_parts: 2 });
    await this.put(`mpu/part/${upload_id}/1`, part);
  }

  /** A logged model with params, tags and files; gives its id. */
  async logModel(name: string, place: { experiment_id: string; source_run_id?: string }): Promise<string> {
    const made = await this.post("logged-models", {
      ...{ ...place, name: "line", params: [{ key: "p", value: name }], tags: [{ key: "t", value: name }] },
    });
    const { model_id = "", artifact_uri = "" } = (made.model as { info: Record<string, string> }).info;
    const root = artifact_uri.replace("mlflow-artifacts:/", "");
    const schema = '[{"type": "double", "name": "x"}]';
    await this.put(
      `artifacts/${root}/MLmodel`,
      `signature:\n  inputs: '${schema}'\nmodel_uuid: ${model_id}\n`,
    );
    await this.put(`artifacts/${root}/weights.bin`, `weights of ${name} ${model_id}`);
    await this.beginUpload(`${root}/more`, `part of ${model_id}`);
    return model_id;
  }

  async fillModel(name: string, version: object): Promise<void> {
    await this.post("registered-models/create", {
      name,
      description: name,
      tags: [{ key: "t", value: name }],
    });
    await this.addVersion(name, version, "champion");
  }

  /** A version with tags, a stage and an alias; gives its number. */
  async addVersion(name: string, fields: object, alias: string): Promise<string> {
    const tags = [{ key: "t", value: name }];
    const made = await this.post("model-versions/create", { name, description: name, tags, ...fields });
    const { version } = made.model_version as { version: string };
    const stage = { stage: "Staging", archive_existing_versions: false };
    await this.post("model-versions/transition-stage", { name, version, ...stage });
    await this.post("registered-models/alias", { name, version, alias });
    return version;
  }

  contents(): Promise<Contents> {
    return contentsOf(this.server.store, this.server.artifacts.root);
  }
}

/** The tables that the database says it has, whoever made them. */
export async function tablesOf(store: Pick<SqlStore, "read">): Promise<string[]> {
  const rows = await store.read<{ name: string }>(
    onPostgres
      ? "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()"
      : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
  );
  return rows.map(({ name }) => name).sort();
}

export async function contentsOf(store: Pick<SqlStore, "read">, root: string): Promise<Contents> {
  const tables: Record<string, string[]> = {};
  for (const table of await tablesOf(store)) {
    tables[table] = (await store.read<Row>(`SELECT * FROM ${table}`))
      .map((row) => rowText(table, row))
      .sort();
  }
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const texts = files.map(async (path) => [path, await readFile(path, "latin1")] as const);
  return { tables, files: Object.fromEntries((await Promise.all(texts)).sort()) };
}

/** Deliveries are tried again at times of their own. */
function rowText(table: string, row: Row): string {
  const { attempts: _, due_ms: __, ...rest } = row;
  const shown = table === "tracking_webhook_deliveries" ? rest : row;
  return JSON.stringify(shown, (_, value) => (typeof value === "bigint" ? Number(value) : value));
}
