import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import {
  type Dataset,
  datasetOf,
  datasetOfProfile,
  type Profile,
  type ProfileOptions,
  parseProfile,
  pickColumns,
} from "@scanflow/checks";
import { chooseColumns } from "./choose-columns.ts";
import { dataFiles } from "./data-files.ts";
import { requireLocal } from "./data-format.ts";
import type { DataOptions } from "./data-options.ts";
import { firstBytes } from "./first-line.ts";
import { inFile } from "./in-file.ts";
import { readBatches } from "./read-batches.ts";

/** How to read and to profile a table. */
export interface DatasetOptions extends DataOptions {
  /** What messages call it; default: its path. */
  readonly name?: string | undefined;
  /** Of the profile; default 1. */
  readonly seed?: number;
  /** Rows that the profile keeps, unless it is made like another one; default 10,000. */
  readonly sampleSize?: number;
  /** By what the profile sums the rows up apart as well: the values of columns, and spans of time. */
  readonly segments?: Pick<ProfileOptions, "slices" | "time">;
}

/**
 * A file as checkers take it: data, read as often as asked, with its profile kept once it was made; or a saved
 * profile. Nothing is read yet but what tells the two apart.
 *
 * @throws ScanflowError as `readBatches`; ChecksError SCANFLOW_PROFILE_INVALID or SCANFLOW_PROFILE_VERSION
 */
export async function openDataset(path: string, options: DatasetOptions = {}): Promise<Dataset> {
  requireLocal(path);
  const { name = path, ...given } = options;
  if (await isProfile(path)) return datasetOfProfile(name, await readProfile(path, given));
  const { seed = 1, sampleSize = 10_000, segments, ...reading } = given;
  return datasetOf(name, () => readBatches(path, reading), { seed, sampleSize, ...segments });
}

async function readProfile(path: string, { columns }: Pick<DataOptions, "columns">): Promise<Profile> {
  const text = await readFile(path, "utf8");
  const profile = await inFile(path, () => parseProfile(text));
  if (columns === undefined) return profile;
  const known = profile.columns.map(({ name }) => name);
  return pickColumns(profile, chooseColumns(known, columns));
}

/** Whether a file begins as a saved profile does. */
async function isProfile(path: string): Promise<boolean> {
  if (!/^(\.json)?$/i.test(extname(path))) return false;
  const [file = path] = await dataFiles(path);
  const begin = (await firstBytes(file)).toString("utf8", 0, 200);
  return /^\s*\{\s*"format"\s*:\s*"scanflow-profile"/.test(begin);
}
