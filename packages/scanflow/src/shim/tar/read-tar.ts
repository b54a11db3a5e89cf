import { ByteSource } from "./byte-source.ts";
import { blockBytes, paddingOf, TarError } from "./tar-block.ts";

/** An entry that was read; the content of a file must be read before the next entry is asked for. */
export type ReadEntry =
  | {
      readonly kind: "file";
      readonly path: string;
      readonly size: number;
      readonly executable: boolean;
      readonly content: AsyncIterable<Uint8Array>;
    }
  | { readonly kind: "link"; readonly path: string; readonly link: string }
  | { readonly kind: "folder"; readonly path: string };

/** Room for the longest paths that a system takes, and then some. */
const largestExtension = 64 * 1024;

/**
 * The entries of a tar archive as `writeTar` writes it: files, links and folders with relative paths that stay below
 * the archive's root. Whether something leads out through a link is for whoever unpacks to see to. Throws `TarError`.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<ReadEntry> {
  const bytes = new ByteSource(source);
  let extension: ReadonlyMap<string, string> = new Map();
  for (;;) {
    const header = await bytes.read(blockBytes);
    if (header.every((byte) => byte === 0)) break;
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = Number(extension.get("size") ?? octal(header, 124, 12));
    if (!Number.isSafeInteger(size) || size < 0) throw new TarError("a size is no number");
    if (type === "x") {
      if (size > largestExtension) throw new TarError("an extension is too long");
      extension = readRecords(await bytes.read(size));
      await bytes.read(paddingOf(size));
      continue;
    }
    const path = safePath(extension.get("path") ?? text(header, 0, 100));
    const link = extension.get("linkpath") ?? text(header, 157, 100);
    extension = new Map();
    if (type === "0") {
      const executable = (Number(octal(header, 100, 8)) & 0o100) !== 0;
      yield { kind: "file", path, size, executable, content: bytes.chunks(size) };
      await bytes.read(paddingOf(size));
    } else if (size !== 0) throw new TarError(`${path} has a size and is no file`);
    else if (type === "2") yield { kind: "link", path, link: safeLink(path, link) };
    else if (type === "5") yield { kind: "folder", path };
    else throw new TarError(`${path} is of a type that is not let through: ${JSON.stringify(type)}`);
  }
  const last = await bytes.read(blockBytes);
  if (!last.every((byte) => byte === 0) || !(await bytes.ended())) {
    throw new TarError("something follows the end of the archive");
  }
}

function safePath(given: string): string {
  const path = given.replace(/\/$/, "");
  const wrong =
    path === "" ||
    path.includes("\0") ||
    path.split("/").some((name) => name === "" || name === "." || name === "..");
  if (wrong) throw new TarError(`${JSON.stringify(given)} is no path below the archive`);
  return path;
}

/** A link may lead to anything inside the archive. */
function safeLink(path: string, link: string): string {
  if (link !== "" && !link.includes("\0") && !leadsOut(path, link)) return link;
  throw new TarError(`the link ${path} leads out of the archive: ${JSON.stringify(link)}`);
}

/** Whether a link at this path leads out of the folder that paths begin in. */
export function leadsOut(path: string, link: string): boolean {
  if (link.startsWith("/")) return true;
  let depth = path.split("/").length - 1;
  for (const name of link.split("/")) {
    if (name === "..") depth -= 1;
    else if (name !== "." && name !== "") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function checkSum(header: Buffer): void {
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 0x20 : byte;
  if (sum !== octal(header, 148, 8)) throw new TarError("the checksum of a header is wrong");
}

function octal(header: Buffer, at: number, length: number): number {
  const digits = text(header, at, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

function text(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end);
}

function readRecords(content: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString("latin1", at, Math.max(at, space)));
    if (space < 0 || !Number.isInteger(length) || length <= space - at) {
      throw new TarError("an extension cannot be read");
    }
    const record = content.toString("utf8", space + 1, at + length - 1);
    const equals = record.indexOf("=");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}
