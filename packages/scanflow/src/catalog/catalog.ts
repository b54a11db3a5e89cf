import { type DataName, type RunData, ScanflowError } from "@scanflow/core";
import type {
  AddedData,
  CopyProgress,
  DataDifference,
  DataStatus,
  Dataset,
  ShownData,
} from "../api/index.ts";
import { requireAbsolute } from "../require-absolute.ts";
import { type AddOptions, addVersion } from "./add-version.ts";
import type { CatalogRooms } from "./catalog-rooms.ts";
import { readDatasets, removalOf } from "./catalog-rows.ts";
import { chooseSides, compareVersions } from "./compare-versions.ts";
import { copyProgress, type Hearing } from "./copy-progress.ts";
import { dataStatus, type StatusOptions } from "./data-status.ts";
import { presentVersion } from "./present-version.ts";
import { pullVersion } from "./remote/pull-version.ts";
import { pushVersion } from "./remote/push-version.ts";
import { chooseThere, refuseAbsent, withRemote } from "./remote/remote.ts";
import type { Moved, TransferOptions } from "./remote/transfer.ts";
import { type DataProblem, resolveData } from "./resolve-data.ts";
import { searchDatasets } from "./search-datasets.ts";
import { type Found, findDataset, findVersion, readVersionName } from "./version-name.ts";

/** A version with its content's digest. */
export interface Named {
  readonly dataset: string;
  readonly version: number;
  readonly digest: string;
}

/** What a push or a pull did. */
interface Transferred {
  readonly remote: string;
  readonly moved: readonly Moved[];
}

/** Datasets and their versions, whose content lies in the artifact store. */
export class Catalog {
  readonly #rooms: CatalogRooms;
  /** What was added since this process began is kept from a collection that had read the versions before. */
  readonly #held = new Map<string, () => void>();

  constructor(rooms: CatalogRooms) {
    this.#rooms = rooms;
  }

  /** See `addVersion`. */
  add(options: Omit<AddOptions, "hold">): Promise<AddedData> {
    return addVersion(this.#rooms, { ...options, hold: this.#hold });
  }

  /** Datasets that have every word of the query somewhere; all without one. */
  async list(query = ""): Promise<Dataset[]> {
    return searchDatasets(await readDatasets(this.#rooms.store), query);
  }

  async show(name: string): Promise<ShownData> {
    const { dataset, version } = await this.#find(name);
    const { versions, ...told } = dataset;
    return {
      dataset: told,
      version,
      here: await this.#rooms.artifacts.has(version.digest),
      versions: versions.map((one) => one.version),
    };
  }

  async diff(before: string, after?: string): Promise<DataDifference> {
    const sides = chooseSides(await readDatasets(this.#rooms.store), before, after);
    return compareVersions(this.#rooms, sides.before, sides.after);
  }

  /** Puts a version's content at a path (absolute), where nothing may lie. */
  async get(name: string, path: string, hearing: Hearing<CopyProgress>): Promise<Named & { path: string }> {
    requireAbsolute(path);
    const found = await this.#find(name);
    await presentVersion(this.#rooms, found);
    const { digest, files, size } = found.version;
    const passed = copyProgress(hearing, { files, bytes: size });
    await this.#rooms.artifacts.materialise(digest, path, { passed });
    return { ...named(found), path };
  }

  /** See `dataStatus`. */
  status(options: StatusOptions): Promise<DataStatus> {
    return dataStatus(this.#rooms, options);
  }

  /** See `resolveData`. */
  resolve(
    names: readonly DataName[],
    line: (problem: DataProblem) => string,
  ): Promise<Record<string, RunData>> {
    const { store, artifacts } = this.#rooms;
    const known = {
      datasets: () => readDatasets(store),
      isHere: ({ digest }: Named) => artifacts.has(digest),
    };
    return resolveData(known, names, line);
  }

  /** Forgets a version; its content goes with the next collection, if nothing else refers to it. */
  async remove(name: string): Promise<Named> {
    const wanted = readVersionName(name);
    if (wanted.version === null) {
      throw new ScanflowError(
        "SCANFLOW_DATA_NAME",
        `"${name}" says no version. Name one to remove, such as ${name}@1; "scanflow data show ${name}" tells which there are.`,
      );
    }
    const found = await this.#find(name);
    await this.#rooms.store.write([removalOf(found.dataset.name, found.version.version)]);
    this.#held.get(found.version.digest)?.();
    this.#held.delete(found.version.digest);
    return named(found);
  }

  /** Sends versions to a remote: that one, all of a dataset, or all. See `pushVersion`. */
  async push(options: TransferOptions): Promise<Transferred> {
    const chosen = chosenHere(await readDatasets(this.#rooms.store), options.name);
    return withRemote(this.#rooms, options, async (objects) => {
      const moved: Moved[] = [];
      for (const found of chosen) moved.push(await pushVersion(this.#rooms, objects, { found, options }));
      return { remote: objects.url, moved };
    });
  }

  /** Fetches versions: that one, the newest of a dataset or of each; with `all` the older ones too. See `pullVersion`. */
  async pull({ all, ...options }: TransferOptions & { readonly all: boolean }): Promise<Transferred> {
    const name = options.name === undefined ? null : readVersionName(options.name);
    refuseAbsent(options.remote);
    return withRemote(this.#rooms, options, async (objects) => {
      const moved: Moved[] = [];
      for (const place of await chooseThere(objects, name, all)) {
        const datasets = await readDatasets(this.#rooms.store);
        moved.push(await pullVersion(this.#rooms, objects, { place, datasets, options, hold: this.#hold }));
      }
      return { remote: objects.url, moved };
    });
  }

  async #find(name: string): Promise<Found> {
    return findVersion(await readDatasets(this.#rooms.store), readVersionName(name));
  }

  readonly #hold = (digest: string): void => {
    if (!this.#held.has(digest)) this.#held.set(digest, this.#rooms.artifacts.pin(digest));
  };
}

/** Oldest first, so that an interruption leaves no gap. */
function chosenHere(datasets: readonly Dataset[], name: string | undefined): Found[] {
  if (name === undefined) return datasets.flatMap(allOf);
  const wanted = readVersionName(name);
  if (wanted.version === null) return allOf(findDataset(datasets, wanted.dataset));
  return [findVersion(datasets, wanted)];
}

function allOf(dataset: Dataset): Found[] {
  return dataset.versions.map((version) => ({ dataset, version })).reverse();
}

function named({ dataset, version }: Found): Named {
  return { dataset: dataset.name, version: version.version, digest: version.digest };
}
