import { buffer } from "node:stream/consumers";
import { ScanflowError } from "@scanflow/core";
import type { ObjectStore } from "@scanflow/tracking/objects";
import { z } from "zod";
import { type Dataset, type DataVersion, dataset, dataVersion } from "../../api/index.ts";
import { datasetKey, versionKey } from "./remote-keys.ts";

/** A record larger than this is none. */
const mostBytes = 16 * 1024 * 1024;

const facts = dataset.omit({ versions: true });
const datasetRecord = z.object({ format: z.literal(1), ...facts.shape });
const versionRecord = z.object({ format: z.literal(1), dataset: z.string(), version: dataVersion });

export type DatasetRecord = Omit<Dataset, "versions">;

/** What a remote says of a dataset; undefined when it says nothing. Errors: SCANFLOW_DATA_RECORD. */
export async function readDatasetRecord(
  objects: ObjectStore,
  name: string,
): Promise<DatasetRecord | undefined> {
  const key = datasetKey(name);
  const json = await readJson(objects, key);
  if (json === undefined) return undefined;
  const parsed = datasetRecord.safeParse(json);
  if (!parsed.success) throw recordError(objects, key, firstProblem(parsed.error));
  if (parsed.data.name !== name) throw recordError(objects, key, `it names dataset "${parsed.data.name}"`);
  const { format: _, ...record } = parsed.data;
  return record;
}

/** Errors: SCANFLOW_DATA_RECORD. */
export async function readVersionRecord(
  objects: ObjectStore,
  name: string,
  version: number,
): Promise<DataVersion | undefined> {
  const key = versionKey(name, version);
  const json = await readJson(objects, key);
  if (json === undefined) return undefined;
  const parsed = versionRecord.safeParse(json);
  if (!parsed.success) throw recordError(objects, key, firstProblem(parsed.error));
  const { dataset: named, version: record } = parsed.data;
  if (named !== name || record.version !== version) {
    throw recordError(objects, key, `it names ${named}@${record.version}`);
  }
  return record;
}

export async function writeDatasetRecord(objects: ObjectStore, record: DatasetRecord): Promise<void> {
  await writeJson(objects, datasetKey(record.name), { format: 1, ...record });
}

/**
 * Notes a version unless its number is taken, and gives what is noted there then: that of another, when two do it at
 * once. It is read again, since not every S3 keeps two from writing the same key. Errors: SCANFLOW_DATA_RECORD.
 */
export async function createVersionRecord(
  objects: ObjectStore,
  name: string,
  version: DataVersion,
): Promise<DataVersion> {
  const bytes = jsonBytes({ format: 1, dataset: name, version });
  await objects.create(versionKey(name, version.version), bytes, { contentType: jsonType });
  return (await readVersionRecord(objects, name, version.version)) ?? version;
}

async function readJson(objects: ObjectStore, key: string): Promise<unknown> {
  const found = await objects.get(key);
  if (found === undefined) return undefined;
  if (found.size > mostBytes) {
    found.stream.destroy();
    throw recordError(objects, key, `it has ${found.size} bytes`);
  }
  const text = (await buffer(found.stream)).toString();
  try {
    return JSON.parse(text);
  } catch {
    throw recordError(objects, key, "it is no JSON");
  }
}

async function writeJson(objects: ObjectStore, key: string, value: unknown): Promise<void> {
  const bytes = jsonBytes(value);
  await objects.put(key, bytes, { size: bytes.length, contentType: jsonType });
}

const jsonType = "application/json";

function jsonBytes(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

function firstProblem({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join(".")}: ${issue?.message}`;
}

function recordError({ url }: ObjectStore, key: string, problem: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_DATA_RECORD",
    `The record ${key} in ${url} cannot be read: ${problem}. Nothing was changed here. Remove it there, and push the version again from where it was added.`,
  );
}
