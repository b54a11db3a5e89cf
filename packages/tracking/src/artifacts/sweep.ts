import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ArtifactKind } from "./artifact.ts";
import { wantedOf } from "./blob.ts";
import { eachBounded } from "./bounded.ts";
import { hexOf } from "./digest.ts";
import { ArtifactError } from "./errors.ts";
import { readEntries, storedSize, wantedEntry } from "./folder.ts";
import type { PinWatch } from "./pins.ts";
import { type StoreFolder, shelfPath, storedPath } from "./store-folder.ts";
import { isSystemError } from "./system-error.ts";

export type SweepOptions = {
  /** The digests of every artifact that a kept run refers to. A folder keeps its files. */
  readonly live: AsyncIterable<string> | Iterable<string>;
  /** What was published, or published again, less than this many milliseconds before `now` stays. */
  readonly graceMs: number;
  /** Milliseconds since 1970, as `Date.now()` gives them. */
  readonly now: number;
  /** Count, but remove nothing. */
  readonly dryRun?: boolean;
  /** Look at these artifacts alone, and the files of those that are folders; everything else stays. */
  readonly only?: Iterable<string>;
};

/**
 * Files and manifests that were removed (or would be), the bytes they held, and how many stay; of these, `young` are
 * not live, only too young yet.
 */
export type Swept = {
  readonly removed: number;
  readonly bytes: number;
  readonly kept: number;
  readonly young: number;
};

async function listShelf(store: StoreFolder, kind: ArtifactKind): Promise<string[]> {
  const found: string[] = [];
  const shelf = shelfPath(store, kind);
  await eachBounded(await readdir(shelf), async (prefix) => {
    for (const name of await readdir(join(shelf, prefix))) {
      if (/^[0-9a-f]{64}$/.test(name) && name.startsWith(prefix)) found.push(name);
    }
  });
  return found;
}

/**
 * Removes one file or manifest. It is taken aside first and looked at again: if another process has renewed it
 * since, it goes back. (Renaming changes the time of the last change, not that of the last write.)
 */
async function take(store: StoreFolder, path: string, cutoffMs: number): Promise<boolean> {
  const aside = store.incoming.path();
  try {
    await rename(path, aside);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return false;
    throw error;
  }
  if ((await stat(aside)).mtimeMs >= cutoffMs) {
    await rename(aside, path);
    return false;
  }
  await rm(aside, { force: true });
  return true;
}

type SweepSetting = Omit<SweepOptions, "live" | "only"> & {
  readonly live: Set<string>;
  readonly only: Set<string> | undefined;
  readonly pins: PinWatch;
};

class Sweep {
  readonly #store: StoreFolder;
  readonly #live: Set<string>;
  readonly #only: Set<string> | undefined;
  readonly #cutoffMs: number;
  readonly #dryRun: boolean;
  readonly #pins: PinWatch;
  #removed = 0;
  #bytes = 0;
  #young = 0;

  constructor(store: StoreFolder, { live, only, graceMs, now, dryRun = false, pins }: SweepSetting) {
    this.#store = store;
    this.#live = live;
    this.#only = only;
    this.#cutoffMs = now - graceMs;
    this.#dryRun = dryRun;
    this.#pins = pins;
  }

  async #isWanted(kind: ArtifactKind, hex: string): Promise<boolean> {
    if (this.#live.has(hex) || this.#pins.isHeld(hex)) return true;
    if (this.#only && !this.#only.has(hex)) return true;
    const stats = await stat(storedPath(this.#store, kind, hex)).catch(() => undefined);
    const young = stats !== undefined && Math.max(stats.mtimeMs, stats.ctimeMs) >= this.#cutoffMs;
    if (young) this.#young += 1;
    return young;
  }

  /** Removes one file or manifest unless it was pinned or renewed meanwhile; answers whether it stays. */
  async #remove(kind: ArtifactKind, hex: string): Promise<boolean> {
    const path = storedPath(this.#store, kind, hex);
    const size = await storedSize(this.#store, kind, hex);
    if (size === undefined) return false;
    const gone = this.#dryRun
      ? !this.#pins.isHeld(hex)
      : await this.#pins.removeUnlessHeld(hex, () => take(this.#store, path, this.#cutoffMs));
    if (!gone) return true;
    this.#removed += 1;
    this.#bytes += size;
    return false;
  }

  /** The files of an unwanted folder are looked at with it. */
  async #lookAtFilesOf(hex: string): Promise<void> {
    const only = this.#only;
    if (only) await this.#filesOf(hex, (file) => only.add(file));
  }

  #keepFilesOf(hex: string): Promise<void> {
    return this.#filesOf(hex, (file) => this.#live.add(file));
  }

  async #filesOf(hex: string, take: (file: string) => void): Promise<void> {
    const folder = wantedOf(`sha256:${hex}`);
    const entries = await readEntries(this.#store, folder).catch((error: unknown) => {
      // Another process removed it since it was listed.
      if (error instanceof ArtifactError && error.code === "SCANFLOW_ARTIFACT_MISSING") return [];
      throw error;
    });
    for (const entry of entries) {
      if (entry.kind === "file") take(wantedEntry(entry, folder).hex);
    }
  }

  /** Damaged content that was set aside goes with the artifact that it was. */
  async #clearQuarantine(): Promise<void> {
    const folder = join(this.#store.root, "quarantine");
    const names = await readdir(folder).catch((error: unknown) => {
      if (isSystemError(error, "ENOENT")) return [];
      throw error;
    });
    await eachBounded(names, async (name) => {
      const [hex = ""] = name.split(".");
      const stats = await stat(join(folder, name)).catch(() => undefined);
      if (stats === undefined || this.#live.has(hex) || this.#pins.isHeld(hex)) return;
      if ((this.#only && !this.#only.has(hex)) || stats.ctimeMs >= this.#cutoffMs) return;
      this.#removed += 1;
      this.#bytes += stats.size;
      if (!this.#dryRun) await rm(join(folder, name), { force: true });
    });
  }

  /** A folder that stays, for whatever reason, makes its files live; all of those are known before any removal. */
  async run(): Promise<Swept> {
    let kept = 0;
    const unwanted: string[] = [];
    await eachBounded(await listShelf(this.#store, "folder"), async (hex) => {
      if (!(await this.#isWanted("folder", hex))) return void unwanted.push(hex);
      await this.#keepFilesOf(hex);
      kept += 1;
    });
    await eachBounded(unwanted, async (hex) => {
      await this.#lookAtFilesOf(hex);
      if (!(await this.#remove("folder", hex))) return;
      await this.#keepFilesOf(hex);
      kept += 1;
    });
    await eachBounded(await listShelf(this.#store, "file"), async (hex) => {
      if ((await this.#isWanted("file", hex)) || (await this.#remove("file", hex))) kept += 1;
    });
    await this.#clearQuarantine();
    // What processes that ended since the store was opened have left half-written.
    if (!this.#only && !this.#dryRun) await this.#store.incoming.open();
    return { removed: this.#removed, bytes: this.#bytes, kept, young: this.#young };
  }
}

/** See `ContentStore.sweep`. */
export async function sweep(store: StoreFolder, options: SweepOptions): Promise<Swept> {
  const pins = store.pins.watch();
  try {
    const live = new Set<string>();
    for await (const digest of options.live) live.add(hexOf(digest));
    const only = options.only && new Set([...options.only].map(hexOf));
    return await new Sweep(store, { ...options, live, only, pins }).run();
  } finally {
    pins.end();
  }
}
