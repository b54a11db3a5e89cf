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
};

/** Files and manifests that were removed (or would be), the bytes they held, and how many stay. */
export type Swept = { readonly removed: number; readonly bytes: number; readonly kept: number };

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

type SweepSetting = Omit<SweepOptions, "live"> & { readonly live: Set<string>; readonly pins: PinWatch };

class Sweep {
  readonly #store: StoreFolder;
  readonly #live: Set<string>;
  readonly #cutoffMs: number;
  readonly #dryRun: boolean;
  readonly #pins: PinWatch;
  #removed = 0;
  #bytes = 0;

  constructor(store: StoreFolder, { live, graceMs, now, dryRun = false, pins }: SweepSetting) {
    this.#store = store;
    this.#live = live;
    this.#cutoffMs = now - graceMs;
    this.#dryRun = dryRun;
    this.#pins = pins;
  }

  async #isWanted(kind: ArtifactKind, hex: string): Promise<boolean> {
    if (this.#live.has(hex) || this.#pins.isHeld(hex)) return true;
    const stats = await stat(storedPath(this.#store, kind, hex)).catch(() => undefined);
    return stats !== undefined && Math.max(stats.mtimeMs, stats.ctimeMs) >= this.#cutoffMs;
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

  async #keepFilesOf(hex: string): Promise<void> {
    const folder = wantedOf(`sha256:${hex}`);
    const entries = await readEntries(this.#store, folder).catch((error: unknown) => {
      // Another process removed it since it was listed.
      if (error instanceof ArtifactError && error.code === "SCANFLOW_ARTIFACT_MISSING") return [];
      throw error;
    });
    for (const entry of entries) {
      if (entry.kind === "file") this.#live.add(wantedEntry(entry, folder).hex);
    }
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
      if (!(await this.#remove("folder", hex))) return;
      await this.#keepFilesOf(hex);
      kept += 1;
    });
    await eachBounded(await listShelf(this.#store, "file"), async (hex) => {
      if ((await this.#isWanted("file", hex)) || (await this.#remove("file", hex))) kept += 1;
    });
    return { removed: this.#removed, bytes: this.#bytes, kept };
  }
}

/** See `ArtifactStore.sweep`. */
export async function sweep(store: StoreFolder, options: SweepOptions): Promise<Swept> {
  const pins = store.pins.watch();
  try {
    const live = new Set<string>();
    for await (const digest of options.live) live.add(hexOf(digest));
    return await new Sweep(store, { ...options, live, pins }).run();
  } finally {
    pins.end();
  }
}
