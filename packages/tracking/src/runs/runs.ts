import { randomUUID } from "node:crypto";
import type { Context, KeyValue } from "../context.ts";
import { checkActive, getExperiment } from "../experiments/experiments.ts";
import { invalid, missing } from "../refusal.ts";
import type { SqlValue, Statement } from "../store/index.ts";
import { randomName } from "../validation/random-name.ts";
import { activeRun } from "./active-run.ts";
import { loadRuns } from "./load-runs.ts";
import { runNameTag, writeGuarded } from "./log-batch.ts";
import { type Run, type RunInfo, type RunRow, type RunStatus, runColumns, toRunInfo } from "./run.ts";
import { type RunContext, type RunIndex, runMissing } from "./run-index.ts";
import { startRuns } from "./start-runs.ts";

export interface RunCreation {
  readonly experimentId: string;
  readonly userId: string;
  readonly startTime: number;
  readonly name?: string | undefined;
  readonly tags: readonly KeyValue[];
}

/** Makes a run with an id and, when it has none, a name of our choice. */
export async function createRun(context: RunContext, creation: RunCreation): Promise<Run> {
  const { experimentId, userId, startTime, tags } = creation;
  const experiment = await getExperiment(context, experimentId);
  checkActive(experiment.experimentId, experiment.lifecycle);
  const tagged = tags.findLast(({ key }) => key === runNameTag)?.value;
  if (creation.name && tagged && creation.name !== tagged) {
    throw invalid(
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${creation.name}', mlflow.runName='${tagged}').`,
    );
  }
  const name = creation.name || tagged || randomName();
  const runId = randomUUID().replaceAll("-", "");
  await startRuns(context, [
    { runId, experimentId: experiment.experimentId, name, startTime, userId, tags: lastOfEach(tags) },
  ]);
  return getRun(context, runId);
}

export async function getRun({ store }: Context, runId: string): Promise<Run> {
  const [row] = await store.read<RunRow>(`SELECT ${runColumns} FROM tracking_runs r WHERE r.run_id = ?`, [
    runId,
  ]);
  const [run] = row ? await loadRuns(store, [row]) : [];
  if (!run) throw runMissing(runId);
  return run;
}

export interface RunUpdate {
  readonly status?: RunStatus | undefined;
  readonly endTime?: number | undefined;
  readonly name?: string | undefined;
}

/** Changes what is given. A new name is also set as the tag `mlflow.runName`. */
export async function updateRun(
  context: Context,
  index: RunIndex,
  { runId, ...update }: RunUpdate & { runId: string },
): Promise<RunInfo> {
  const run = await index.get(runId);
  const set = (column: string, value: SqlValue): Statement => ({
    sql: `UPDATE tracking_runs SET ${column} = ? WHERE id = ?`,
    params: [value, run.id],
  });
  const unit: Statement[] = [activeRun(run)];
  if (update.status !== undefined) unit.push(set("status", update.status));
  if (update.endTime !== undefined) unit.push(set("end_ms", update.endTime));
  if (update.name) {
    unit.push(set("name", update.name), {
      sql: `INSERT INTO tracking_tags (run, key, value) VALUES (?, ?, ?)
        ON CONFLICT (run, key) DO UPDATE SET value = excluded.value`,
      params: [run.id, runNameTag, update.name],
    });
  }
  await writeGuarded({ store: context.store, index }, unit);
  const [row] = await context.store.read<RunRow>(`SELECT ${runColumns} FROM tracking_runs r WHERE r.id = ?`, [
    run.id,
  ]);
  if (!row) throw runMissing(runId);
  return toRunInfo(row);
}

/** Marks a run as deleted; it can still be read, and restored. */
export function deleteRun(context: Context, runId: string): Promise<void> {
  return setLifecycle(context, runId, "deleted");
}

export function restoreRun(context: Context, runId: string): Promise<void> {
  return setLifecycle(context, runId, "active");
}

async function setLifecycle({ store, now }: Context, runId: string, to: "active" | "deleted"): Promise<void> {
  const deletedMs = to === "deleted" ? now() : null;
  const [result] = await store.write([
    {
      sql: "UPDATE tracking_runs SET lifecycle = ?, deleted_ms = ? WHERE run_id = ?",
      params: [to, deletedMs, runId],
    },
  ]);
  if (result?.changes === 0) throw runMissing(runId);
}

export async function deleteTag(
  context: Context,
  index: RunIndex,
  { runId, key }: { runId: string; key: string },
): Promise<void> {
  const run = await index.get(runId);
  const remove = { sql: "DELETE FROM tracking_tags WHERE run = ? AND key = ?", params: [run.id, key] };
  const [, removed] = await writeGuarded({ store: context.store, index }, [activeRun(run), remove]);
  if (removed?.changes === 0) throw missing(`No tag with name: ${key} in run with id ${runId}`);
}

function lastOfEach(tags: readonly KeyValue[]): KeyValue[] {
  return [...new Map(tags.map((tag) => [tag.key, tag])).values()];
}
