import { blockBytes, paddingOf } from "./tar-block.ts";

/** What stands in an archive. Paths are relative, with `/` between names. */
export type TarEntry =
  | {
      readonly kind: "file";
      readonly path: string;
      readonly size: number;
      readonly executable?: boolean | undefined;
      readonly content: () => AsyncIterable<Uint8Array>;
    }
  | { readonly kind: "link"; readonly path: string; readonly link: string }
  | { readonly kind: "folder"; readonly path: string };

/** The bytes of a tar archive (POSIX.1-2001, pax). Owners and times are left out: the same entries give the same bytes. */
export async function* writeTar(
  entries: AsyncIterable<TarEntry> | Iterable<TarEntry>,
): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    yield headersOf(entry);
    if (entry.kind !== "file") continue;
    let sent = 0;
    for await (const chunk of entry.content()) {
      sent += chunk.length;
      yield chunk;
    }
    if (sent !== entry.size) throw new Error(`${entry.path} changed while it was read`);
    yield Buffer.alloc(paddingOf(entry.size));
  }
  yield Buffer.alloc(2 * blockBytes);
}

const types = { file: "0", link: "2", folder: "5" } as const;
/** What fits a header's own fields; the rest goes into a record before it. */
const longestName = 100;
const largestSize = 8 ** 11;

function headersOf(entry: TarEntry): Buffer {
  const size = entry.kind === "file" ? entry.size : 0;
  const link = entry.kind === "link" ? entry.link : "";
  const records: string[] = [];
  if (!fits(entry.path)) records.push(record("path", entry.path));
  if (!fits(link)) records.push(record("linkpath", link));
  if (size >= largestSize) records.push(record("size", String(size)));
  const mode = entry.kind === "folder" || (entry.kind === "file" && entry.executable) ? 0o755 : 0o644;
  const own = block({
    path: entry.path,
    size: Math.min(size, largestSize - 1),
    link,
    mode,
    type: types[entry.kind],
  });
  if (records.length === 0) return own;
  const content = Buffer.from(records.join(""));
  const extension = block({ path: "pax", size: content.length, link: "", mode: 0o644, type: "x" });
  return Buffer.concat([extension, content, Buffer.alloc(paddingOf(content.length)), own]);
}

/** Beyond plain ASCII readers differ in how they take the bytes of the old fields. */
function fits(name: string): boolean {
  return name.length <= longestName && /^[\x20-\x7e]*$/.test(name);
}

/** A record begins with its own length, in bytes. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = Buffer.byteLength(rest);
  let digits = String(length).length;
  if (String(length + digits).length > digits) digits += 1;
  return `${length + digits}${rest}`;
}

interface Header {
  readonly path: string;
  readonly size: number;
  readonly link: string;
  readonly mode: number;
  readonly type: string;
}

function block({ path, size, link, mode, type }: Header): Buffer {
  const header = Buffer.alloc(blockBytes);
  header.write(path.slice(0, longestName), 0);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  header.write(type, 156);
  header.write(link.slice(0, longestName), 157);
  header.write("ustar\x0000", 257);
  header.write("        ", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}
