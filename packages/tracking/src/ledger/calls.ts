import { z } from "zod";
import { runStatuses } from "../runs/run.ts";

/** A real number; JSON has no NaN and no infinities, so they come as text. */
const real = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);
const pairs = z.array(z.object({ key: z.string(), value: z.string() }));
const whole = z.number().int();
const metrics = z.array(z.object({ key: z.string(), value: real, timestampMs: whole, step: whole }));
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal digits");
const runId = z.string();
const runIds = z.array(z.string()).max(10_000);

const start = z.object({
  runId,
  experimentId: z.string(),
  name: z.string(),
  startTime: whole,
  userId: z.string().exactOptional(),
  tags: pairs.exactOptional(),
  params: pairs.exactOptional(),
  parentRunId: z.string().exactOptional(),
});
const end = z.object({ runId, status: z.enum(runStatuses), endTime: whole });
const batch = z.object({
  runId,
  metrics: metrics.exactOptional(),
  params: pairs.exactOptional(),
  tags: pairs.exactOptional(),
});
const artifact = z.object({
  path: z.string(),
  digest,
  size: whole.min(0),
  kind: z.enum(["file", "folder"]),
});

/** What is asked of a tracker behind a URL: one row a method of `LedgerTracking`. */
export const ledgerCall = z.discriminatedUnion("method", [
  z.object({ method: z.literal("ensureExperiment"), name: z.string(), tags: pairs }),
  z.object({ method: z.literal("startRuns"), starts: z.array(start) }),
  z.object({ method: z.literal("endRuns"), ends: z.array(end) }),
  z.object({ method: z.literal("logBatches"), batches: z.array(batch) }),
  z.object({ method: z.literal("keepParams"), runId, params: pairs }),
  z.object({ method: z.literal("copyParams"), copies: z.array(z.object({ runId, from: z.string() })) }),
  z.object({ method: z.literal("latestMetrics"), runIds }),
  z.object({ method: z.literal("addArtifacts"), runId, artifacts: z.array(artifact) }),
  z.object({
    method: z.literal("registerVersion"),
    runId,
    name: z.string(),
    source: z.string(),
    digest,
    tags: pairs.exactOptional(),
    description: z.string().exactOptional(),
  }),
  z.object({ method: z.literal("versionsOfRuns"), runIds }),
]);

export type LedgerCall = z.output<typeof ledgerCall>;

export const ledgerAnswers = z.object({
  results: z.array(
    z.union([
      z.object({ value: z.unknown() }),
      z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
    ]),
  ),
});

export type LedgerAnswers = z.output<typeof ledgerAnswers>;

/** JSON in which numbers that JSON lacks are text. */
export function ledgerJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "number" && !Number.isFinite(inner) ? String(inner) : inner,
  );
}
