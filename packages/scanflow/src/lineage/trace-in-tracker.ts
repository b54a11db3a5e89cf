import { ScanflowError } from "@scanflow/core";
import type { Tracking } from "@scanflow/tracking";
import type { Lineage } from "../api/index.ts";
import type { NamedInput, Sources, TrackerRun } from "./lineage-sources.ts";
import { parseSubject } from "./subject.ts";
import { Trace } from "./trace.ts";
import { type Origin, traceLogged, traceModel } from "./trace-model.ts";

/** A run as a tracker tells it. */
export interface AskedRun extends TrackerRun {
  readonly datasets: readonly NamedInput[];
}

/** A file or folder of a run; a digest "" is not known. */
export interface AskedFile {
  readonly path: string;
  readonly digest: string;
  readonly kind: "file" | "folder";
  readonly size: number;
}

/** A tracker that is asked by itself, with no application around it. What it does not have is null or none. */
export interface AskedTracker {
  model(name: string, reference: string): Promise<Origin | null>;
  run(runId: string): Promise<AskedRun | null>;
  files(runId: string, path: string): Promise<readonly AskedFile[]>;
}

/**
 * Where a model or a logged file of a tracker came from: its script, with its commit, params, person and data, as far
 * as the client said so. Errors: SCANFLOW_LINEAGE_UNKNOWN, and those of the tracker.
 */
export async function traceInTracker(tracker: AskedTracker, text: string): Promise<Lineage> {
  const sizes = new Map<string, AskedFile>();
  const sources = sourcesOf(tracker, sizes);
  const trace = new Trace(sources);
  const subject = parseSubject(text);
  if (subject.kind === "model") {
    const origin = await tracker.model(subject.name, subject.reference);
    if (!origin) throw unknown(text, `the tracker has no such version of "${subject.name}".`);
    return trace.finish([await traceModel(trace, sources, { tracker: "", origin })]);
  }
  if (subject.kind === "logged") {
    const { runId, path } = subject;
    const files = await tracker.files(runId, path);
    for (const file of files) sizes.set(file.digest, file);
    const named = files.map((file) => ({ ...file, path: [path, file.path].filter(Boolean).join("/") }));
    if (named.length === 0) throw unknown(text, `the tracker has no run "${runId}" that holds "${path}".`);
    return trace.finish(await traceLogged(trace, sources, { tracker: "", runId, files: named }));
  }
  throw unknown(
    text,
    "a tracker by itself knows models:/NAME/VERSION, models:/NAME@ALIAS and runs:/ID/PATH.",
  );
}

/** The tracker of a database, opened in this process. */
export function openedTracker(tracking: Tracking): AskedTracker {
  return {
    model: async (name, reference) => (await tracking.modelOrigin(name, reference)) ?? null,
    run: async (runId) => ((await tracking.context.index.find(runId)) ? tracking.getRun(runId) : null),
    files: (runId, path) => tracking.filesOfRun(runId, path),
  };
}

function sourcesOf(tracker: AskedTracker, sizes: ReadonlyMap<string, AskedFile>): Sources {
  return {
    record: async () => null,
    parts: async () => ({}),
    content: async (digest) => (digest === "" ? null : (sizes.get(digest) ?? null)),
    trackerRun: (_, runId) => tracker.run(runId),
    datasets: async (_, runIds) => {
      const found = new Map<string, readonly NamedInput[]>();
      for (const runId of runIds) found.set(runId, (await tracker.run(runId))?.datasets ?? []);
      return found;
    },
  };
}

function unknown(text: string, reason: string): ScanflowError {
  return new ScanflowError("SCANFLOW_LINEAGE_UNKNOWN", `Of "${text}" no lineage is known: ${reason}`);
}
