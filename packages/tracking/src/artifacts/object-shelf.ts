import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { ObjectInfo, ObjectStore } from "../objects/index.ts";
import type { ArtifactKind, FolderEntry } from "./artifact.ts";
import { missingError, type Wanted } from "./blob.ts";
import { type ByteRange, checkRange, type OpenArtifact } from "./blob-stream.ts";
import { ArtifactError } from "./errors.ts";
import { fileNotFolder } from "./folder.ts";
import { decodeManifest, manifestHex } from "./manifest.ts";
import { folderNotFile } from "./open-entry.ts";
import { type Pins, pinsOf } from "./pins.ts";

/** Objects laid out as the folder of a store is, so that either may be copied to the other by any tool. */
export const shelves: Readonly<Record<ArtifactKind, string>> = { file: "sha256", folder: "folders" };

/** What a content store in an object store works with. */
export class ObjectShelf {
  readonly objects: ObjectStore;
  readonly pins: Pins;
  /** What was found damaged and has not been stored again since. */
  readonly damaged = new Set<string>();

  constructor(objects: ObjectStore) {
    this.objects = objects;
    this.pins = pinsOf(objects.url);
  }

  keyOf(kind: ArtifactKind, hex: string): string {
    return `${shelves[kind]}/${hex.slice(0, 2)}/${hex}`;
  }

  async info(kind: ArtifactKind, hex: string): Promise<ObjectInfo | undefined> {
    return this.damaged.has(hex) ? undefined : this.objects.head(this.keyOf(kind, hex));
  }

  /** Brings content in under its digest by `write`, pinned meanwhile. What is there is written again: it is new then. */
  async keep(kind: ArtifactKind, hex: string, write: (key: string) => Promise<unknown>): Promise<void> {
    const release = this.pins.pin(hex);
    try {
      await this.pins.settled(hex);
      await write(this.keyOf(kind, hex));
      this.damaged.delete(hex);
    } finally {
      release();
    }
  }

  /** Opens a file: whole it is checked on the way, and the stream fails before its last bytes if it is damaged. */
  async open(wanted: Wanted, range: ByteRange = {}): Promise<OpenArtifact> {
    const { hex, label } = wanted;
    const key = this.keyOf("file", hex);
    if (range.start !== undefined || range.end !== undefined) {
      const { size } = (await this.info("file", hex)) ?? (await this.#absent(wanted, "file"));
      const { start, stop } = checkRange(range, size, label);
      if (start === stop) return { stream: Readable.from([]), size: 0 };
      if (start > 0 || stop < size) {
        const part = await this.objects.get(key, { start, end: stop - 1 });
        return part ?? this.#absent(wanted, "file");
      }
    }
    const found = this.damaged.has(hex) ? undefined : await this.objects.get(key);
    if (found === undefined) return this.#absent(wanted, "file");
    const stream = Readable.from(this.#checked(found.stream, wanted), { objectMode: false });
    stream.once("close", () => found.stream.destroy());
    return { stream, size: found.size };
  }

  async entries(folder: Wanted): Promise<readonly FolderEntry[]> {
    const found = this.damaged.has(folder.hex)
      ? undefined
      : await this.objects.get(this.keyOf("folder", folder.hex));
    if (found === undefined) return this.#absent(folder, "folder");
    const bytes = await buffer(found.stream);
    const hex = manifestHex(bytes);
    if (hex !== folder.hex) throw this.#corrupt("folder", folder, hex);
    return decodeManifest(bytes);
  }

  async kindOf({ hex, label }: Wanted): Promise<ArtifactKind> {
    if (await this.info("file", hex)) return "file";
    if (await this.info("folder", hex)) return "folder";
    throw missingError(label);
  }

  /** Says why there is no file, or folder, of that digest. */
  async #absent({ hex, label }: Wanted, expected: ArtifactKind): Promise<never> {
    if (expected === "file" && (await this.info("folder", hex))) throw folderNotFile(label);
    if (expected === "folder" && (await this.info("file", hex))) throw fileNotFolder(label);
    throw missingError(label);
  }

  async *#checked(content: Readable, wanted: Wanted): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    let held: Uint8Array | undefined;
    for await (const chunk of content as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      if (held) yield held;
      held = chunk;
    }
    const found = hash.digest("hex");
    if (found !== wanted.hex) throw this.#corrupt("file", wanted, found);
    if (held) yield held;
  }

  #corrupt(kind: ArtifactKind, { hex, label }: Wanted, found: string): ArtifactError {
    this.damaged.add(hex);
    return new ArtifactError(
      "SCANFLOW_ARTIFACT_CORRUPT",
      `Artifact ${label} is corrupt: ${this.keyOf(kind, hex)} in ${this.objects.url} has the sha256 ${found}. ` +
        "It was left as it is. Run again what made it, without its cache entry, to replace it.",
    );
  }
}
