import { posix } from "node:path";

const text = "text/plain; charset=utf-8";

/** What a browser may be told; it takes everything else for bytes. Pages and drawings hold scripts: see `sendFile`. */
const types: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    "txt log md csv tsv yaml yml toml ini cfg py r js ts sh sql xml mlmodel mlproject"
      .split(" ")
      .map((name) => [name, text]),
  ),
  json: "application/json",
  html: "text/html; charset=utf-8",
  htm: "text/html; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
};

/** The content type of a file by its name; scripts and styles are plain text, unknown names bytes. */
export function contentTypeOf(path: string): string {
  const name = posix.basename(path).toLowerCase();
  const ending = name.slice(name.lastIndexOf(".") + 1);
  return Object.hasOwn(types, ending) ? (types[ending] ?? "") : "application/octet-stream";
}
