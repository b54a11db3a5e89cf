import type { ArtifactKind } from "./artifact.ts";
import { wantedOf } from "./blob.ts";
import { eachBounded } from "./bounded.ts";
import { hexOf } from "./digest.ts";
import { ArtifactError } from "./errors.ts";
import { wantedEntry } from "./folder.ts";
import { incomingPrefix } from "./object-put.ts";
import { type ObjectShelf, shelves } from "./object-shelf.ts";
import type { PinWatch } from "./pins.ts";
import type { SweepOptions, Swept } from "./sweep.ts";

/** A draft this old belongs to no upload any more. */
const abandonedAfterMs = 24 * 60 * 60 * 1000;

/** A file or a manifest on its shelf. */
interface Shelved {
  readonly hex: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** See `ContentStore.sweep`. */
export async function sweepObjects(shelf: ObjectShelf, options: SweepOptions): Promise<Swept> {
  const pins = shelf.pins.watch();
  try {
    const live = new Set<string>();
    for await (const digest of options.live) live.add(hexOf(digest));
    const only = options.only && new Set([...options.only].map(hexOf));
    return await new ObjectSweep(shelf, { ...options, live, only, pins }).run();
  } finally {
    pins.end();
  }
}

type Setting = Omit<SweepOptions, "live" | "only"> & {
  readonly live: Set<string>;
  readonly only: Set<string> | undefined;
  readonly pins: PinWatch;
};

class ObjectSweep {
  readonly #shelf: ObjectShelf;
  readonly #setting: Setting;
  readonly #cutoffMs: number;
  #removed = 0;
  #bytes = 0;
  #kept = 0;
  #young = 0;

  constructor(shelf: ObjectShelf, setting: Setting) {
    this.#shelf = shelf;
    this.#setting = setting;
    this.#cutoffMs = setting.now - setting.graceMs;
  }

  /** A folder that stays, for whatever reason, makes its files live; all of those are known before any removal. */
  async run(): Promise<Swept> {
    const { live, only } = this.#setting;
    const unwanted: Shelved[] = [];
    await eachBounded(await this.#list("folder"), async (folder) => {
      if (!this.#isWanted(folder)) return void unwanted.push(folder);
      await this.#filesOf(folder.hex, live);
      this.#kept += 1;
    });
    await eachBounded(unwanted, async (folder) => {
      if (only) await this.#filesOf(folder.hex, only);
      if (!(await this.#remove("folder", folder))) await this.#filesOf(folder.hex, live);
    });
    await eachBounded(await this.#list("file"), async (file) => {
      if (this.#isWanted(file)) this.#kept += 1;
      else await this.#remove("file", file);
    });
    if (!only && !this.#setting.dryRun) await this.#clearIncoming();
    return { removed: this.#removed, bytes: this.#bytes, kept: this.#kept, young: this.#young };
  }

  async #list(kind: ArtifactKind): Promise<Shelved[]> {
    const found: Shelved[] = [];
    for await (const { key, size, modifiedMs } of this.#shelf.objects.list(`${shelves[kind]}/`)) {
      const hex = key.slice(key.lastIndexOf("/") + 1);
      if (/^[0-9a-f]{64}$/.test(hex) && key === this.#shelf.keyOf(kind, hex)) {
        found.push({ hex, size, modifiedMs });
      }
    }
    return found;
  }

  #isWanted({ hex, modifiedMs }: Shelved): boolean {
    const { live, only, pins } = this.#setting;
    if (live.has(hex) || pins.isHeld(hex)) return true;
    if (only !== undefined && !only.has(hex)) return true;
    if (modifiedMs < this.#cutoffMs) return false;
    this.#young += 1;
    return true;
  }

  /** Removes one file or manifest unless it was pinned or renewed since it was listed; answers whether it is gone. */
  async #remove(kind: ArtifactKind, { hex, size }: Shelved): Promise<boolean> {
    const { objects } = this.#shelf;
    const { pins, dryRun = false } = this.#setting;
    const key = this.#shelf.keyOf(kind, hex);
    const gone = dryRun
      ? !pins.isHeld(hex)
      : await pins.removeUnlessHeld(hex, async () => {
          const now = await objects.head(key);
          if (now !== undefined && now.modifiedMs >= this.#cutoffMs) return false;
          await objects.delete([key]);
          return true;
        });
    if (gone) {
      this.#removed += 1;
      this.#bytes += size;
    } else {
      this.#kept += 1;
    }
    return gone;
  }

  async #filesOf(hex: string, among: Set<string>): Promise<void> {
    const folder = wantedOf(`sha256:${hex}`);
    const entries = await this.#shelf.entries(folder).catch((error: unknown) => {
      // Another process removed it since it was listed.
      if (error instanceof ArtifactError && error.code === "SCANFLOW_ARTIFACT_MISSING") return [];
      throw error;
    });
    for (const entry of entries) {
      if (entry.kind === "file") among.add(wantedEntry(entry, folder).hex);
    }
  }

  async #clearIncoming(): Promise<void> {
    const before = Math.min(this.#cutoffMs, this.#setting.now - abandonedAfterMs);
    const old: string[] = [];
    for await (const { key, modifiedMs } of this.#shelf.objects.list(incomingPrefix)) {
      if (modifiedMs < before) old.push(key);
    }
    await this.#shelf.objects.delete(old);
    const { file, folder } = shelves;
    for (const prefix of [incomingPrefix, `${file}/`, `${folder}/`]) {
      await this.#shelf.objects.abortUploads(prefix, before);
    }
  }
}
