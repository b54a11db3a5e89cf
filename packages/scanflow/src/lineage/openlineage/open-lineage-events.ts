import type { JsonObject, RunEvent } from "@scanflow/core";
import { trackerRunId } from "../../engine/index.ts";
import { commandText, partsOf } from "../attempt-node.ts";
import { attemptName, type Parts } from "../run-record.ts";
import { type DatasetSources, inputDatasets, outputDatasets } from "./datasets.ts";
import { type Dataset, type Facets, type OpenLineageEvent, SCHEMA_URL } from "./facets.ts";
import { boxOf, jobOf, runUuid } from "./names.ts";

/** What is needed to tell of a run's events. */
export interface EventSources extends DatasetSources {
  readonly producer: string;
  readonly version: string;
  /** What an attempt was made of. */
  readonly parts: (task: string, attempt: number, key: string | null) => Promise<Parts>;
  /** Bytes of a content; null: it is not in the store any more. */
  readonly size: (digest: string) => Promise<number | null>;
}

/**
 * What OpenLineage hears of an event of a run: START and COMPLETE, FAIL or ABORT of the workflow, of each nested one
 * and of each attempt, with the run above it. Repeatable: the same event gives the same run ids.
 */
export async function openLineageEvents(sources: EventSources, event: RunEvent): Promise<OpenLineageEvent[]> {
  switch (event.event) {
    case "run-created":
      return [workflowEvent(sources, event, "", "START")];
    case "run-resumed":
    case "run-retried":
      return [workflowEvent(sources, event, "", "RUNNING")];
    case "task-opened":
      return [workflowEvent(sources, event, event.task, "START")];
    case "task-expanded":
      return isBox(sources, event.task) ? [workflowEvent(sources, event, event.task, "START")] : [];
    case "run-finished": {
      const inner = openedBoxes(sources).map((box) =>
        workflowEvent(sources, event, box, boxEnd(sources, box)),
      );
      return [...inner, workflowEvent(sources, event, "", RUN_ENDS[event.status])];
    }
    case "attempt-started":
      return [await attemptEvent(sources, event, "START")];
    case "attempt-succeeded":
      return [await attemptEvent(sources, event, "COMPLETE", { outputs: event.outputs })];
    case "service-closed":
      return [await attemptEvent(sources, event, "COMPLETE")];
    case "attempt-failed":
      return [await attemptEvent(sources, event, "FAIL", { facets: failure(sources, event) })];
    case "attempt-cancelled":
      return [await attemptEvent(sources, event, "ABORT")];
    case "task-cached": {
      const { from, outputs } = event;
      const taken = { task: event.task, attempt: 0, time: event.time };
      const more = { cachedFrom: { ...from } };
      const { key } = event;
      return [
        await attemptEvent(sources, taken, "START", { more, key }),
        await attemptEvent(sources, taken, "COMPLETE", { more, key, outputs }),
      ];
    }
    default:
      return [];
  }
}

const RUN_ENDS = { succeeded: "COMPLETE", failed: "FAIL", cancelled: "ABORT" } as const;

type Type = OpenLineageEvent["eventType"];

function workflowEvent(
  sources: EventSources,
  { time }: Pick<RunEvent, "time">,
  box: string,
  eventType: Type,
): OpenLineageEvent {
  const { scheduler, namespace, make, version } = sources;
  const { run, created } = scheduler.state;
  const group = scheduler.plan.groups.find(({ id }) => id === (box === "" ? "" : scheduler.planTask(box).id));
  const facets: Facets = {
    ...(box === "" ? {} : parentFacet(sources, boxOf(scheduler, box))),
    processing_engine: make.facet("ProcessingEngineRunFacet", "1-1-1", { name: "scanflow", version }),
    scanflow_workflow: make.own("WorkflowRunFacet", {
      ...{ run, user: created?.user ?? null, plan: created?.plan ?? null },
      params: created?.params ?? {},
    }),
  };
  return {
    ...envelope(sources, time, eventType),
    run: { runId: boxUuid(run, box), facets },
    job: {
      ...jobOf(namespace, scheduler, box),
      facets: { ...make.jobType("WORKFLOW"), ...make.description(group?.description ?? "") },
    },
    inputs: [],
    outputs: [],
  };
}

interface AttemptMore {
  readonly outputs?: Readonly<Record<string, string>>;
  readonly facets?: Facets;
  readonly more?: JsonObject;
  /** By which the cache knew it. */
  readonly key?: string | null;
}

async function attemptEvent(
  sources: EventSources,
  { task, attempt, time }: { task: string; attempt: number; time: number },
  eventType: Type,
  { outputs = {}, facets = {}, more = {}, key = null }: AttemptMore = {},
): Promise<OpenLineageEvent> {
  const { scheduler, namespace, make } = sources;
  const { run, created } = scheduler.state;
  const parts = await sources.parts(task, attempt, key);
  const work = scheduler.task(task);
  const written = await Promise.all(
    Object.entries(outputs).map(async ([name, digest]) => ({
      name,
      digest,
      size: await sources.size(digest),
    })),
  );
  return {
    ...envelope(sources, time, eventType),
    run: {
      runId: runUuid(run, attemptName({ task, attempt })),
      facets: {
        ...parentFacet(sources, boxOf(scheduler, task)),
        scanflow_task: make.own("TaskRunFacet", {
          ...{ run, task, attempt, user: created?.user ?? null, command: commandText(work) },
          params: scheduler.attemptInputs(task).params,
          code: partsOf(parts, "code: "),
          environment: parts.environment ?? null,
          trackerRun: trackerRunId(run, task, attempt),
          ...more,
        }),
        ...facets,
      },
    },
    job: {
      ...jobOf(namespace, scheduler, task),
      facets: { ...make.jobType("TASK"), ...make.description(work.description) },
    },
    inputs: inputDatasets(sources, task, parts),
    outputs: outputDatasets(sources, task, written) satisfies Dataset[],
  };
}

function envelope({ producer }: EventSources, time: number, eventType: Type) {
  return { eventType, eventTime: new Date(time).toISOString(), producer, schemaURL: SCHEMA_URL };
}

/** The run above, and the one above all. */
function parentFacet({ scheduler, namespace, make }: EventSources, box: string): Facets {
  const { run } = scheduler.state;
  const named = (id: string) => ({
    run: { runId: boxUuid(run, id) },
    job: { ...jobOf(namespace, scheduler, id) },
  });
  return { parent: make.facet("ParentRunFacet", "1-2-0", { ...named(box), root: named("") }) };
}

function boxUuid(run: string, box: string): string {
  return runUuid(run, `workflow ${box}`);
}

function isBox({ scheduler }: EventSources, instance: string): boolean {
  const { id } = scheduler.planTask(instance);
  return scheduler.plan.groups.some((group) => group.id === id);
}

/** Innermost first: a run ends after those inside it. */
function openedBoxes(sources: EventSources): string[] {
  const { tasks } = sources.scheduler.state;
  const opened = tasks.filter(({ id, status }) => status === "succeeded" && isBox(sources, id));
  return opened.map(({ id }) => id).reverse();
}

function boxEnd({ scheduler }: EventSources, box: string): Type {
  const inside = scheduler.state.tasks.filter(
    ({ id }) => id.startsWith(`${box}/`) || id.startsWith(`${box}[`),
  );
  const statuses = new Set(inside.map(({ status }) => status));
  if (statuses.has("failed") || statuses.has("upstream-failed")) return "FAIL";
  return statuses.has("cancelled") ? "ABORT" : "COMPLETE";
}

function failure(
  { scheduler, make }: EventSources,
  { task, error }: Extract<RunEvent, { event: "attempt-failed" }>,
): Facets {
  const programmingLanguage = ["module", "check"].includes(scheduler.task(task).run.kind)
    ? "TypeScript"
    : "unknown";
  const message = `${error.code}: ${error.message}`;
  return { errorMessage: make.facet("ErrorMessageRunFacet", "1-0-1", { message, programmingLanguage }) };
}
