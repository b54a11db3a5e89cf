import { constants } from "node:fs";
import { copyFile, link, open, readdir, realpath, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Incoming } from "../artifacts/incoming.ts";
import { makeFolders } from "../artifacts/make-folders.ts";
import { codedStorageError, isSystemError, withCodedErrors } from "../artifacts/system-error.ts";
import { infoAt, orUndefined, streamOf, syncPath, writeAll } from "./file.ts";
import { checkKey, checkPrefix, incomingPart, keyError } from "./key.ts";
import type { ObjectInfo, ObjectRange, ObjectStore, OpenObject, PutObjectOptions } from "./object-store.ts";
import { checkRange, sizeError } from "./range.ts";

/** How often folders above an object are made again when others remove them as empty at the same moment. */
const mostTries = 20;

/** Opens the object store in a folder, which is made if it is not there. */
export async function openFileStore(folder: string): Promise<ObjectStore> {
  return withCodedErrors(`open the object store ${folder}`, async () => {
    await makeFolders(folder);
    const root = await realpath(folder);
    const incoming = new Incoming(root, incomingPart);
    await incoming.open();
    return new FileStore(root, incoming);
  });
}

class FileStore implements ObjectStore {
  readonly url: string;
  readonly #root: string;
  readonly #incoming: Incoming;

  constructor(root: string, incoming: Incoming) {
    this.url = pathToFileURL(root).href;
    this.#root = root;
    this.#incoming = incoming;
  }

  put(
    key: string,
    content: AsyncIterable<Uint8Array> | Uint8Array,
    { size }: PutObjectOptions = {},
  ): Promise<void> {
    return withCodedErrors(`write ${key}`, async () => {
      await this.#arrive(key, async (draft) => {
        const written = await writeDraft(draft, content);
        if (size !== undefined && written !== size) throw sizeError(key, { said: size, found: written });
      });
    });
  }

  create(key: string, content: Uint8Array): Promise<boolean> {
    return withCodedErrors(`write ${key}`, async () => {
      const path = await this.#place(key);
      const fill = async (draft: string) => void (await writeDraft(draft, content));
      try {
        // A second name is refused where there is one: unlike a rename, which would take its place.
        await this.#arrive(key, fill, nameOnce);
        return true;
      } catch (error) {
        if ((await infoAt(path)) !== undefined) return false;
        throw error;
      }
    });
  }

  get(key: string, range?: ObjectRange): Promise<OpenObject | undefined> {
    return withCodedErrors(`read ${key}`, async () => {
      const path = await this.#place(key);
      const handle = await orUndefined(open(path, constants.O_RDONLY | constants.O_NOFOLLOW));
      if (handle === undefined) return undefined;
      try {
        const stats = await handle.stat();
        if (!stats.isFile()) {
          await handle.close();
          return undefined;
        }
        const { start, stop } = checkRange(key, stats.size, range);
        return { stream: streamOf(handle, start, stop), size: stop - start };
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  head(key: string): Promise<ObjectInfo | undefined> {
    return withCodedErrors(`look for ${key}`, async () => infoAt(await this.#place(key)));
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo & { key: string }> {
    const folder = checkPrefix(prefix).slice(0, prefix.lastIndexOf("/") + 1);
    try {
      await this.#contain(prefix, join(this.#root, folder, "."));
      yield* this.#walk(folder, prefix);
    } catch (error) {
      throw codedStorageError(error, `list ${this.#root}`);
    }
  }

  copy(from: string, to: string): Promise<boolean> {
    return withCodedErrors(`copy ${from} to ${to}`, async () => {
      const source = await this.#place(from);
      if ((await infoAt(source)) === undefined) return false;
      await this.#arrive(to, async (draft) => {
        await copyFile(source, draft, constants.COPYFILE_FICLONE);
        await syncPath(draft);
      });
      return true;
    });
  }

  delete(keys: readonly string[]): Promise<void> {
    return withCodedErrors("remove objects", async () => {
      for (const key of keys) {
        const path = await this.#place(key);
        if ((await infoAt(path)) === undefined) continue;
        await rm(path, { force: true });
        await this.#removeEmpty(dirname(path));
      }
    });
  }

  async abortUploads(): Promise<number> {
    await withCodedErrors("remove what was left half-written", () => this.#incoming.open());
    return 0;
  }

  async close(): Promise<void> {
    // Files are opened and closed one by one.
  }

  async #place(key: string): Promise<string> {
    const path = join(this.#root, checkKey(key));
    await this.#contain(key, dirname(path));
    return path;
  }

  /** A symbolic link in place of a folder could lead out of the store. */
  async #contain(key: string, folder: string): Promise<void> {
    for (let above = join(folder); above.length > this.#root.length; above = dirname(above)) {
      const real = await orUndefined(realpath(above));
      if (real === above) return;
      if (real !== undefined) throw keyError(key, "leads through a symbolic link");
    }
  }

  /** Lets `fill` write a draft, which then gets its name. */
  async #arrive(
    key: string,
    fill: (draft: string) => Promise<void>,
    name = (draft: string, path: string) => rename(draft, path),
  ): Promise<void> {
    const path = await this.#place(key);
    const draft = this.#incoming.path();
    try {
      await makeFolders(dirname(draft));
      await fill(draft);
      await name(draft, path).catch(async (error: unknown) => {
        if (!isSystemError(error, "ENOENT")) throw error;
        await this.#nameInto(draft, path, name);
      });
      await syncPath(dirname(path));
    } catch (error) {
      if (!isSystemError(error, "EISDIR", "ENOTDIR", "EEXIST")) throw error;
      throw keyError(key, "stands where an object and a folder would have one name", error);
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #nameInto(
    draft: string,
    path: string,
    name: (draft: string, path: string) => Promise<void>,
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      await makeFolders(dirname(path));
      try {
        return await name(draft, path);
      } catch (error) {
        if (!isSystemError(error, "ENOENT") || tries === mostTries) throw error;
      }
    }
  }

  /** In the order of keys: a folder counts as its name and a slash. */
  async *#walk(folder: string, prefix: string): AsyncGenerator<ObjectInfo & { key: string }> {
    const found = (await orUndefined(readdir(join(this.#root, folder), { withFileTypes: true }))) ?? [];
    const entries = found
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map((entry) => ({ entry, key: `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}` }))
      .filter(({ key }) => key.startsWith(prefix) || prefix.startsWith(key))
      .filter(({ key }) => key !== `${incomingPart}/`)
      .map((one) => ({ ...one, bytes: Buffer.from(one.key) }))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
    for (const { entry, key } of entries) {
      if (entry.isDirectory()) {
        yield* this.#walk(key, prefix);
      } else if (key.startsWith(prefix)) {
        const info = await infoAt(join(this.#root, key));
        if (info !== undefined) yield { key, ...info };
      }
    }
  }

  async #removeEmpty(folder: string): Promise<void> {
    for (let above = folder; above.length > this.#root.length; above = dirname(above)) {
      try {
        await rmdir(above);
      } catch {
        return;
      }
    }
  }
}

/** Writes a new file down to the disk; gives its bytes. */
async function writeDraft(draft: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<number> {
  const sink = await open(draft, "wx", 0o644);
  try {
    const written = await writeAll(sink, content);
    await sink.datasync();
    return written;
  } finally {
    await sink.close();
  }
}

/** Some disks (exFAT, some of the network) have no second names: the copy may be seen half there for a moment. */
async function nameOnce(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (!isSystemError(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) throw error;
    await copyFile(draft, path, constants.COPYFILE_EXCL);
  }
}
