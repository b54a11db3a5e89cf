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

/** A symbolic link, or a folder, which may be empty. They are written only: what is read holds plain files. */
export type TarPlace =
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | { readonly kind: "folder"; readonly path: string };

/** The bytes of a tar archive. Owner, group and times are left out, so that the same files give the same bytes. */
export async function* writeTar(
  members: AsyncIterable<TarFile | TarPlace> | Iterable<TarFile | TarPlace>,
): AsyncGenerator<Uint8Array> {
  for await (const member of members) {
    if ("kind" in member) {
      const { path } = member;
      if (member.kind === "folder")
        yield headerOf({ type: "Directory", path: `${path}/`, size: 0, mode: 0o755 });
      else yield headerOf({ type: "SymbolicLink", path, size: 0, mode: 0o777, linkpath: member.target });
      continue;
    }
    const { path, size, executable, content } = member;
    yield headerOf({ type: "File", path, size, mode: executable ? 0o755 : 0o644 });
    yield* content;
    yield Buffer.alloc(paddingOf(size));
  }
  yield Buffer.alloc(2 * blockBytes);
}

interface Facts {
  readonly type: "File" | "Directory" | "SymbolicLink";
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly mode: number;
  readonly linkpath?: string;
}

function headerOf(facts: Facts): Buffer {
  const header = new Header({ ...facts, uid: 0, gid: 0, mtime: new Date(0) });
  const block = Buffer.alloc(blockBytes);
  const needsExtension = header.encode(block, 0);
  const { path, size, linkpath } = facts;
  const extension = { path, size, ...(linkpath !== undefined && { linkpath }) };
  return needsExtension ? Buffer.concat([new Pax(extension).encode(), block]) : block;
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
