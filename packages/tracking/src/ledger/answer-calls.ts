import { missing } from "../refusal.ts";
import type { Tracking } from "../tracking.ts";
import type { LedgerAnswers, LedgerCall } from "./calls.ts";

/** Carries out what came in one request: begun in the same tick, in order, so that one transaction may hold it all. */
export async function answerCalls(tracking: Tracking, calls: readonly LedgerCall[]): Promise<LedgerAnswers> {
  const settled = await Promise.allSettled(calls.map((call) => perform(tracking, call)));
  const results = settled.map((one) => {
    if (one.status === "fulfilled") return { value: one.value ?? null };
    // What passes by itself is asked again as a whole, which changes nothing of what went well.
    if (!isCoded(one.reason) || passing.has(one.reason.code)) throw one.reason;
    return { error: { code: one.reason.code, message: one.reason.message } };
  });
  return { results };
}

/** Answered as 503. */
const passing = new Set(["SCANFLOW_STORE_BUSY", "SCANFLOW_STORE_UNREACHABLE", "SCANFLOW_OBJECT_UNREACHABLE"]);

function isCoded(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SCANFLOW_");
}

function perform(tracking: Tracking, call: LedgerCall): Promise<unknown> {
  switch (call.method) {
    case "ensureExperiment":
      return tracking.ensureExperiment(call.name, call.tags);
    case "startRuns":
      return tracking.startRuns(call.starts);
    case "endRuns":
      return tracking.endRuns(call.ends);
    case "logBatches":
      return tracking.logBatches(call.batches);
    case "keepParams":
      return tracking.keepParams(call);
    case "copyParams":
      return tracking.copyParams(call.copies);
    case "latestMetrics":
      return tracking.latestMetrics(call.runIds).then((metrics) => [...metrics]);
    case "addArtifacts":
      return addArtifacts(tracking, call);
    case "registerVersion":
      return tracking.registerVersion(call);
    case "versionsOfRuns":
      return tracking.versionsOfRuns(call.runIds);
  }
}

/** Rows of what this tracker does not hold would be links to nothing. */
async function addArtifacts(
  tracking: Tracking,
  { runId, artifacts }: LedgerCall & { readonly method: "addArtifacts" },
): Promise<void> {
  for (const { digest, path } of artifacts) {
    if ((await tracking.context.artifacts.stat(digest)) !== undefined) continue;
    throw missing(
      `${path} of run ${runId} (${digest}) is not in the artifact store of this tracker. Start it with --artifacts at the store that the engine writes to.`,
    );
  }
  await tracking.addArtifacts(runId, artifacts);
}
