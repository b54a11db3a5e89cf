import { posix } from "node:path";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { findFile, type LocationContext } from "../locations/locations.ts";
import { parseRange } from "./byte-range.ts";
import { contentTypeOf } from "./content-type.ts";

/**
 * Streams a stored file, or the part of it that a Range header asks for, to GET; tells of it to HEAD. It is
 * always a download, without rights in a browser that opens it all the same: a stranger may have stored it. Its
 * digest is its ETag, so whoever has it already is told so.
 */
export async function sendFile(
  context: LocationContext,
  path: string,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const { method, headers } = request;
  const { digest, size } = await findFile(context, path);
  const etag = `"${digest}"`;
  reply
    .header("content-type", contentTypeOf(path))
    .header("content-disposition", disposition(posix.basename(path)))
    .header("x-content-type-options", "nosniff")
    .header("content-security-policy", "default-src 'none'; sandbox")
    .header("cache-control", "private, no-cache")
    .header("accept-ranges", "bytes")
    .header("etag", etag);
  if (names(headers["if-none-match"], etag)) return reply.code(304).send();
  // Without a stream, Fastify would say that there are no bytes.
  if (method === "HEAD") return reply.header("content-length", size).send(Readable.from([]));
  const whole = headers["if-range"] !== undefined && headers["if-range"] !== etag;
  const part = whole ? undefined : parseRange(headers.range, size);
  if (part === "outside") {
    reply.header("content-range", `bytes */${size}`).header("content-type", "application/json");
    const message = `The file has ${size} bytes, and the range lies outside them.`;
    return reply.code(416).send({ error_code: "INVALID_PARAMETER_VALUE", message });
  }
  const opened = await context.artifacts.open(digest, part);
  reply.header("content-length", opened.size);
  if (part) reply.code(206).header("content-range", `bytes ${part.start}-${part.end}/${size}`);
  return reply.send(opened.stream);
}

/** Whether an If-None-Match header names the tag, or any. */
function names(header: string | undefined, etag: string): boolean {
  const given = header?.split(",").map((one) => one.trim().replace(/^W\//, "")) ?? [];
  return given.includes(etag) || given.includes("*");
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
