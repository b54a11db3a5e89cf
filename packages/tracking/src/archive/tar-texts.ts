import { posix } from "node:path";
import { Header, Pax } from "tar";
import { ByteReader } from "./byte-reader.ts";
import { damaged, unsafe } from "./refusal.ts";

const blockBytes = 512;
/** Room for what an archive of images says of itself, and then some. */
const largestText = 16 * 1024 * 1024;

/**
 * The texts of these files in a tar archive of another's making, which may hold links, folders and anything else: those
 * are passed over. Of two files of a name the last counts, as where it is unpacked. Errors: SCANFLOW_PACK_DAMAGED,
 * SCANFLOW_PACK_UNSAFE where one of the names is no plain file.
 */
export async function readTarTexts(
  source: AsyncIterable<Uint8Array>,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const bytes = new ByteReader(source);
  const texts = new Map<string, string>();
  let extension: Pax | undefined;
  let longPath: string | undefined;
  while (!(await bytes.ended())) {
    const block = await bytes.read(blockBytes);
    if (block.every((byte) => byte === 0)) break;
    const header = new Header(block, 0, extension);
    if (!header.cksumValid) throw damaged("the checksum of a header is wrong");
    const { type, size = 0 } = header;
    const path = posix.normalize(longPath ?? header.path ?? "");
    const isExtension = type === "ExtendedHeader" || type === "NextFileHasLongPath";
    const isWanted = !isExtension && wanted.includes(path);
    if (isWanted && type !== "File" && type !== "OldFile")
      throw unsafe(`holds ${path}, which is no plain file`);
    if (type === "GlobalExtendedHeader") throw unsafe("changes the names of all its files");
    if ((isExtension || isWanted) && size > largestText) {
      throw damaged(`${path} is larger than ${largestText} bytes`);
    }
    const text = isExtension || isWanted ? (await bytes.read(size)).toString("utf8") : "";
    if (!isExtension && !isWanted) for await (const _ of bytes.chunks(size));
    if (isWanted) texts.set(path, text);
    extension = type === "ExtendedHeader" ? Pax.parse(text, extension) : isExtension ? extension : undefined;
    if (type === "NextFileHasLongPath") longPath = text.replace(/\0.*$/s, "");
    else if (!isExtension) longPath = undefined;
    await bytes.read((blockBytes - (size % blockBytes)) % blockBytes);
  }
  return texts;
}
