import type { ModelOrigin } from "@scanflow/tracking";
import type { Sources, TrackerRun } from "./lineage-sources.ts";
import { type Attempt, makerOf, type RunRecord } from "./run-record.ts";
import type { Trace } from "./trace.ts";

/** What is known of a version of a model. */
export interface Origin {
  readonly version: Pick<
    ModelOrigin["version"],
    "name" | "version" | "aliases" | "stage" | "createdMs" | "source" | "runId" | "description"
  >;
  readonly digest: string | undefined;
  readonly files: readonly { readonly path: string; readonly digest: string }[];
}

/** A version of a model in one of the trackers, with what it holds. */
export interface FoundModel {
  readonly tracker: string;
  readonly origin: Origin;
}

/** Files of a tracker's run that something was made of. */
interface Logged {
  readonly tracker: string;
  readonly runId: string;
  readonly files: readonly { readonly path: string; readonly digest: string }[];
}

/** A version and all behind it; gives the node's id. */
export async function traceModel(
  trace: Trace,
  sources: Sources,
  { tracker, origin }: FoundModel,
): Promise<string> {
  const { version, digest, files } = origin;
  const id = `models:/${version.name}/${version.version}`;
  const held = digest === undefined ? files : [{ path: "", digest }];
  if (version.runId !== undefined) {
    const logged = { tracker, runId: version.runId, files: held };
    for (const from of await traceLogged(trace, sources, logged)) trace.graph.link("derived", from, id);
  }
  trace.graph.add({
    id,
    kind: "model",
    name: version.name,
    version: version.version,
    aliases: version.aliases,
    stage: version.stage,
    registered: version.createdMs,
    source: version.source,
    description: version.description ?? null,
  });
  return id;
}

/** Files that a run of the tracker holds: an attempt's outputs, or what its script logged. Gives the nodes' ids. */
export async function traceLogged(
  trace: Trace,
  sources: Sources,
  { tracker, runId, files }: Logged,
): Promise<string[]> {
  const run = await sources.trackerRun(tracker, runId);
  const place = run && (await attemptBehind(sources, tracker, run));
  if (!run) return [];
  if (!place) return logged(trace, files, { runId, by: script(trace, tracker, run) });
  const { record, task } = place;
  const outputs = Object.entries(record.scheduler.taskState(task).outputs);
  const ids: string[] = [];
  for (const file of files) {
    const output = outputs.find(([, digest]) => digest === file.digest)?.[0];
    if (output !== undefined) ids.push(await trace.output(record, task, output));
    else {
      const by = await trace.attempt(place.attempt, { record, task });
      ids.push(...(await logged(trace, [file], { runId, by })));
    }
  }
  return ids.length > 0 ? ids : [await trace.attempt(place.attempt, { record, task })];
}

interface Place {
  readonly record: RunRecord;
  readonly task: string;
  readonly attempt: Attempt;
}

/** Scripts may open runs of their own inside that of their attempt: their parents are looked at too. */
const MOST_PARENTS = 10;

/** The attempt in which a run of the tracker was logged, by the tags that the engine gave it; null: there is none. */
async function attemptBehind(sources: Sources, tracker: string, run: TrackerRun): Promise<Place | null> {
  let next: TrackerRun | null = run;
  for (let steps = 0; next !== null && steps < MOST_PARENTS; steps++) {
    const tags: ReadonlyMap<string, string> = new Map(next.tags.map(({ key, value }) => [key, value]));
    const [of, task] = [tags.get("scanflow.run"), tags.get("scanflow.task")];
    if (of !== undefined && task !== undefined) return placeOf(sources, { of, task, tags });
    const parent = tags.get("mlflow.parentRunId");
    next = parent === undefined ? null : await sources.trackerRun(tracker, parent);
  }
  return null;
}

async function placeOf(
  sources: Sources,
  { of, task, tags }: { of: string; task: string; tags: ReadonlyMap<string, string> },
): Promise<Place | null> {
  const record = await sources.record(of);
  // The tags may have been written by anybody.
  if (!record?.scheduler.state.tasks.some(({ id }) => id === task)) return null;
  const attempt = Number(tags.get("scanflow.attempt"));
  const own = { run: of, task, attempt };
  return { record, task, attempt: attempt > 0 ? own : makerOf(record, task) };
}

async function logged(
  trace: Trace,
  files: Logged["files"],
  { runId, by }: { runId: string; by: string },
): Promise<string[]> {
  const ids: string[] = [];
  for (const { path, digest } of files) {
    const id = `runs:/${runId}/${path === "" ? digest : path}`;
    await trace.addArtifact(id, { name: path, path, digest });
    trace.graph.link("generated", by, id, { name: path });
    ids.push(id);
  }
  return ids.length > 0 ? ids : [by];
}

/** A run of the tracker that no workflow started. */
function script(trace: Trace, tracker: string, { info, tags, params }: TrackerRun): string {
  const id = `runs:/${info.runId}`;
  if (!trace.graph.enter(id)) return id;
  trace.asksData(tracker, info.runId, id);
  const tag = (key: string) => tags.find((one) => one.key === key)?.value ?? null;
  trace.graph.add({
    id,
    kind: "script",
    name: info.name,
    user: info.userId || tag("mlflow.user"),
    started: info.startTime ?? null,
    ended: info.endTime ?? null,
    source: tag("mlflow.source.name"),
    commit: tag("mlflow.source.git.commit"),
    repository: tag("mlflow.source.git.repoURL"),
    params: Object.fromEntries(params.map(({ key, value }) => [key, value])),
  });
  return id;
}
