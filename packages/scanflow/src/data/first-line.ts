import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

const MOST = 1 << 20;

/** The first line of a text file, which may be gzipped; cut where it is longer than a mebibyte. */
export async function firstLine(path: string): Promise<string> {
  const [line = ""] = (await firstBytes(path)).toString("utf8").split(/\r?\n/, 1);
  return line.replace(/^\uFEFF/, "");
}

/** What a file begins with, unzipped: up to a mebibyte, or as far as its first line. */
export async function firstBytes(path: string): Promise<Buffer> {
  const file = createReadStream(path);
  const content = /\.gz$/i.test(path) ? file.pipe(createGunzip()) : file;
  file.on("error", (error) => content.destroy(error));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (chunk.includes(10) || length >= MOST) break;
    }
  } finally {
    file.destroy();
  }
  return Buffer.concat(chunks);
}

/** What stands between the cells of a line: the candidate that is there most often, outside of quotes. */
export function delimiterOf(line: string, path: string): string {
  if (/\.(tsv|tab)(\.gz)?$/i.test(path)) return "\t";
  const bare = line.replaceAll(/"[^"]*"/g, "");
  const count = (delimiter: string) => bare.split(delimiter).length;
  const [best = ","] = [",", ";", "\t", "|"].sort((a, b) => count(b) - count(a));
  return best;
}
