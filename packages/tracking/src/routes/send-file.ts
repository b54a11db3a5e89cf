import { posix } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ByteRange } from "../artifacts/index.ts";
import { type LocationContext, openFile, sizeOf } from "../locations/locations.ts";

/**
 * Streams a stored file, or the part of it that a Range header asks for. It is always a download: a browser
 * must neither show nor guess what a stranger has stored.
 */
export async function sendFile(
  context: LocationContext,
  path: string,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const total = request.headers.range === undefined ? undefined : await sizeOf(context, path);
  const range = total === undefined ? undefined : parseRange(request.headers.range, total);
  const { stream, size } = await openFile(context, path, range);
  reply
    .header("content-type", "application/octet-stream")
    .header("content-disposition", disposition(posix.basename(path)))
    .header("x-content-type-options", "nosniff")
    .header("content-security-policy", "sandbox")
    .header("accept-ranges", "bytes")
    .header("content-length", size);
  if (range) {
    const start = range.start ?? 0;
    reply.code(206).header("content-range", `bytes ${start}-${start + size - 1}/${total}`);
  }
  return reply.send(stream);
}

/** One range of bytes; a header of another form is passed over, as HTTP says. */
function parseRange(header: string | undefined, total: number): ByteRange | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "")
    return total === 0 ? undefined : { start: Math.max(0, total - Number(last)), end: total - 1 };
  const end = last === "" ? total - 1 : Math.min(Number(last), total - 1);
  return Number(first) > end && last !== "" && Number(last) < Number(first)
    ? undefined
    : { start: Number(first), end };
}

/** The file's name, in the plain form and in the one for other letters (RFC 6266). */
function disposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
