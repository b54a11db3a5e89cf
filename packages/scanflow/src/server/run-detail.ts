import type { JsonObject, PlanTask } from "@scanflow/core";
import type { RunDetail, TaskRow } from "../api/index.ts";
import type { RunRow, Scheduler } from "../engine/index.ts";
import type { OwnerRooms } from "./rooms.ts";
import { registeredModels } from "./run-models.ts";
import { withStatus } from "./run-status.ts";

/** Everything about a run that a person may want to see at once. */
export async function runDetail(rooms: OwnerRooms, row: RunRow): Promise<RunDetail> {
  const scheduler = await rooms.engine.scheduler(row.run);
  const { created } = scheduler.state;
  return {
    ...(await withStatus(rooms, await rooms.engine.journal.run(row.run))),
    cancelReason: await cancelReason(rooms, scheduler),
    mode: scheduler.plan.mode,
    plan: row.plan,
    params: created?.params ?? ({} satisfies JsonObject),
    data: created?.data ?? {},
    user: created?.user ?? null,
    cause: created?.cause ?? { kind: "manual" },
    seq: await lastSeq(rooms, row.run),
    tasks: await taskRows(rooms, scheduler),
    models: await registeredModels(rooms, row),
  };
}

export async function lastSeq({ store }: OwnerRooms, run: string): Promise<number> {
  const [row] = await store.read<{ last: number | null }>(
    "SELECT max(seq) AS last FROM events WHERE run = ?",
    [run],
  );
  return row?.last ?? 0;
}

async function cancelReason({ store }: OwnerRooms, { state }: Scheduler): Promise<string | null> {
  if (state.status !== "cancelling" && state.status !== "cancelled") return null;
  const [row] = await store.read<{ reason: string }>(
    "SELECT data ->> 'reason' AS reason FROM events WHERE run = ? AND event = 'run-cancelling' ORDER BY seq DESC LIMIT 1",
    [state.run],
  );
  return row?.reason ?? null;
}

function taskRows(rooms: OwnerRooms, { plan, state }: Scheduler): Promise<TaskRow[]> {
  const followed = new Set(plan.tasks.flatMap(({ upstreams }) => upstreams.map(({ task }) => task)));
  const shown = state.tasks.flatMap((one) => {
    const task = plan.tasks[one.template];
    return task ? [{ one, task }] : [];
  });
  return Promise.all(
    shown.map(async ({ one, task }) => {
      const { id, status, attempts, cached, startedAt, endedAt, ranMs, retryAt, reason, error } = one;
      return {
        id,
        kind: task.kind,
        description: task.description,
        ...{ status, attempts, cached, startedAt, endedAt, ranMs, retryAt, reason, error },
        result: one.result,
        metrics: { ...one.metrics },
        outputs: await artifactsOf(rooms, task, one.outputs),
        items: one.items,
        message: task.kind === "approval" ? task.message : (one.service?.url ?? null),
        last: !followed.has(task.id),
      };
    }),
  );
}

async function artifactsOf(
  { artifacts }: OwnerRooms,
  task: PlanTask,
  outputs: Readonly<Record<string, string>>,
): Promise<TaskRow["outputs"]> {
  const defined = "outputs" in task ? task.outputs : {};
  const entries = Object.entries(outputs).map(async ([name, digest]) => {
    const { path = name, type = "any" } = defined[name] ?? {};
    const known = await artifacts.stat(digest);
    const { kind = null, size = null } = known ?? {};
    return [name, { digest, path, type, kind, size }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
