import type { RunEvent, WorkTask } from "@scanflow/core";
import type { ModelVersion } from "../api/index.ts";
import { type RunRow, trackerRunId } from "../engine/index.ts";
import type { OwnerRooms } from "./rooms.ts";

/** Versions of models that a run's tasks registered, or took over with their outputs from the run that did. */
export async function registeredModels(rooms: OwnerRooms, { run }: RunRow): Promise<ModelVersion[]> {
  const { plan, state } = await rooms.engine.scheduler(run);
  const makers: Maker[] = [];
  for (const { id, template, status, cached, attempts } of state.tasks) {
    const task = plan.tasks[template];
    if (!task || !("tracker" in task) || status !== "succeeded" || !registers(task)) continue;
    makers.push({ task: id, tracker: task.tracker, cached, from: { run, task: id, attempt: attempts } });
  }
  if (makers.some(({ cached }) => cached)) {
    const origins = originsOf(await rooms.engine.journal.events(run));
    for (const maker of makers) if (maker.cached) maker.from = origins.get(maker.task) ?? maker.from;
  }
  const byTracker = Map.groupBy(makers, ({ tracker }) => tracker);
  const found = await Promise.all([...byTracker].map(([tracker, some]) => versionsOf(rooms, tracker, some)));
  const place = new Map(makers.map(({ task }, at) => [task, at]));
  return found.flat().sort((a, b) => (place.get(a.task) ?? 0) - (place.get(b.task) ?? 0));
}

interface Maker {
  readonly task: string;
  readonly tracker: string;
  readonly cached: boolean;
  from: Attempt;
}

interface Attempt {
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
}

function registers({ outputs }: WorkTask): boolean {
  return Object.values(outputs).some(({ register }) => register !== null);
}

/** The attempts whose outputs cached tasks took. */
function originsOf(events: readonly RunEvent[]): Map<string, Attempt> {
  return new Map(
    events.flatMap((event) => (event.event === "task-cached" ? [[event.task, event.from]] : [])),
  );
}

async function versionsOf(
  { trackers }: OwnerRooms,
  tracker: string,
  makers: readonly Maker[],
): Promise<ModelVersion[]> {
  const runs = makers.map(({ from }) => trackerRunId(from.run, from.task, from.attempt));
  const versions = await trackers.lend(tracker, (tracking) => tracking.versionsOfRuns(runs));
  return makers.flatMap(({ task, cached }, at) =>
    versions
      .filter(({ runId }) => runId === runs[at])
      .map(({ name, version, runId }) => ({ name, version, task, cached, trackerRun: runId })),
  );
}
