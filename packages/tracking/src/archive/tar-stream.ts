import { Header, Pax } from "tar";
import { ByteReader } from "./byte-reader.ts";
import { damaged, unsafe } from "./refusal.ts";

const blockBytes = 512;
/** Room for the longest path that a file system takes, and then some. */
const largestExtension = 64 * 1024;

/** A plain file in a tar archive, to be written or read. */
export interface TarFile {
  /** With `/` between folders, relative to the archive. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly executable?: boolean | undefined;
  readonly content: AsyncIterable<Uint8Array>;
}

/** The bytes of a tar archive of files. Owner, group and times are left out, so that the same files give the same bytes. */
export async function* writeTar(
  files: AsyncIterable<TarFile> | Iterable<TarFile>,
): AsyncGenerator<Uint8Array> {
  for await (const { path, size, executable, content } of files) {
    yield headerOf(path, size, executable ? 0o755 : 0o644);
    yield* content;
    yield Buffer.alloc(paddingOf(size));
  }
  yield Buffer.alloc(2 * blockBytes);
}

function headerOf(path: string, size: number, mode: number): Buffer {
  const facts = { path, size, mode, uid: 0, gid: 0, mtime: new Date(0) };
  const header = new Header({ ...facts, type: "File" });
  const block = Buffer.alloc(blockBytes);
  const needsExtension = header.encode(block, 0);
  return needsExtension ? Buffer.concat([new Pax({ path, size }).encode(), block]) : block;
}

/**
 * The files of a tar archive, one after the other; the content of one must be read before the next is asked for.
 * Nothing but plain files is let through. Errors: SCANFLOW_PACK_DAMAGED, SCANFLOW_PACK_UNSAFE.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const bytes = new ByteReader(source);
  let extension: Pax | undefined;
  for (;;) {
    const block = await bytes.read(blockBytes);
    if (isNull(block)) break;
    const header = new Header(block, 0, extension);
    if (!header.cksumValid) throw damaged("the checksum of a header is wrong");
    const { type, path, size } = header;
    if (path === undefined || size === undefined) throw damaged("a header has no path or size");
    if (type === "ExtendedHeader" && extension === undefined && size <= largestExtension) {
      extension = Pax.parse((await bytes.read(size)).toString("utf8"));
      await bytes.read(paddingOf(size));
      continue;
    }
    if (type !== "File") throw unsafe(`holds ${JSON.stringify(path)}, which is no plain file but "${type}"`);
    extension = undefined;
    yield { path, size, content: bytes.chunks(size) };
    await bytes.read(paddingOf(size));
  }
  // Two empty blocks are the end; what follows would not be looked at by anyone.
  if (!isNull(await bytes.read(blockBytes)) || !(await bytes.ended()))
    throw damaged("something follows its end");
}

function paddingOf(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

function isNull(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}
