import { z } from "zod";
import { damaged, folderEntries } from "../../archive/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import { runStatuses } from "../../runs/run.ts";
import { jsonDouble } from "../json-double.ts";
import type { ExperimentRecord, LoggedModelRecord, ModelRecord, RunRecord } from "../records.ts";
import { archiveFormat } from "./archive-layout.ts";

const text = z.string().nullable();
const time = z.number().nullable();
const lifecycle = z.enum(["active", "deleted"]);
const pairs = z.array(z.strictObject({ key: z.string(), value: z.string() }));
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const point = z.strictObject({ key: z.string(), value: jsonDouble, timestampMs: z.int(), step: z.int() });

/** Of each key, the value, time and step of each point. */
const points = z.array(z.tuple([z.string(), z.array(z.tuple([jsonDouble, z.int(), z.int()]))]));

const dataset = z
  .strictObject({
    ...{ name: z.string(), digest: z.string(), sourceType: z.string(), source: z.string() },
    ...{ schema: z.string().optional(), profile: z.string().optional(), tags: pairs },
  })
  .transform(({ schema, profile, ...rest }) => ({ ...rest, schema, profile }));

const file = z.strictObject({ path: z.string(), digest, size: z.int().nonnegative() });
const folder = file.extend({ entries: folderEntries });

/** A file or a folder below a run or a logged model. */
export type ArchivedFile = z.output<typeof file> | ArchivedFolder;
export type ArchivedFolder = z.output<typeof folder>;

const files = z.array(z.union([folder, file]));

const run = z
  .strictObject({
    ...{ runId: z.string(), name: z.string(), userId: z.string(), status: z.enum(runStatuses) },
    ...{ startMs: time, endMs: time, lifecycle, deletedMs: time, artifactUri: z.string() },
    ...{ params: pairs, tags: pairs, points, latest: z.array(point), datasets: z.array(dataset) },
    models: z.array(
      z.strictObject({ modelId: z.string(), role: z.enum(["input", "output"]), step: z.int() }),
    ),
    files,
  })
  .transform(({ points: byKey, ...rest }) => ({ ...rest, metrics: fromPoints(byKey) }));

const loggedModel = z.strictObject({
  ...{ modelId: z.string(), name: z.string(), modelType: text, sourceRunId: text, artifactUri: z.string() },
  ...{ status: z.int().min(0).max(3), statusMessage: text, lifecycle, createdMs: z.number() },
  ...{ updatedMs: z.number(), params: pairs, tags: pairs },
  metrics: z.array(
    point
      .extend({
        ...{ modelId: z.string(), runId: z.string() },
        ...{ datasetName: z.string().optional(), datasetDigest: z.string().optional() },
      })
      .transform(({ datasetName, datasetDigest, ...rest }) => ({ ...rest, datasetName, datasetDigest })),
  ),
  files,
});

const experiment = z.strictObject({
  ...{ experimentId: z.string().regex(/^\d{1,16}$/), name: z.string(), artifactLocation: z.string() },
  ...{ lifecycle, createdMs: z.number(), updatedMs: z.number(), tags: pairs },
  runs: z.array(z.strictObject({ id: z.string(), artifactUri: z.string() })),
  loggedModels: z.array(z.string()),
});

const version = z.strictObject({
  ...{ version: z.int().min(1), description: text, userId: text, source: z.string() },
  ...{ storageLocation: text, runId: text, runLink: text, status: z.string(), statusMessage: text },
  ...{ stage: z.string(), createdMs: z.number(), updatedMs: z.number(), tags: pairs },
  aliases: z.array(z.string()),
});

const model = z.strictObject({
  ...{ name: z.string().min(1), description: text, createdMs: z.number(), updatedMs: z.number() },
  ...{ tags: pairs, versions: z.array(version) },
});

const contents = z.strictObject({
  kind: z.literal("experiments"),
  format: z.literal(archiveFormat),
  experiments: z.array(experiment),
  models: z.array(model),
});

const manifest = z.strictObject({
  files: z.array(
    z.strictObject({
      ...{ path: z.string(), size: z.int().nonnegative() },
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

export type ArchiveContents = {
  readonly kind: "experiments";
  readonly format: number;
  readonly experiments: readonly ArchivedExperiment[];
  readonly models: readonly ModelRecord[];
};

export interface ArchivedExperiment extends ExperimentRecord {
  readonly runs: readonly { readonly id: string; readonly artifactUri: string }[];
  /** Their ids. */
  readonly loggedModels: readonly string[];
}

export type ArchivedRun = RunRecord & { readonly files: readonly ArchivedFile[] };
export type ArchivedModel = LoggedModelRecord & { readonly files: readonly ArchivedFile[] };
export type ArchiveManifest = z.output<typeof manifest>;

/** What the entries of an archive hold. */
export const records = {
  contents: contents as z.ZodType<ArchiveContents>,
  run: run as z.ZodType<ArchivedRun>,
  loggedModel: loggedModel as z.ZodType<ArchivedModel>,
  manifest,
};

/** Errors: SCANFLOW_PACK_DAMAGED. */
export function readRecord<T>(schema: z.ZodType<T>, path: string, content: string): T {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (cause) {
    throw damaged(`${JSON.stringify(path)} is no JSON`, cause);
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw damaged(`${JSON.stringify(path)} holds a wrong ${issue?.path.join(".")} (${issue?.message})`);
}

/** As JSON: numbers that it cannot write as texts, points by their key. */
export function runText({ metrics, ...rest }: ArchivedRun): string {
  const byKey = Map.groupBy(metrics, ({ key }) => key);
  const points = [...byKey].map(([key, list]) => [
    key,
    list.map(({ value, timestampMs, step }) => [value, timestampMs, step]),
  ]);
  return recordText({ ...rest, points });
}

export function recordText(record: unknown): string {
  return JSON.stringify(record, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
}

function fromPoints(byKey: readonly [string, [number, number, number][]][]): Metric[] {
  return byKey.flatMap(([key, list]) =>
    list.map(([value, timestampMs, step]) => ({ key, value, timestampMs, step })),
  );
}
