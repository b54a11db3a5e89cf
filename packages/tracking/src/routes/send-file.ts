import { posix } from "node:path";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { listFolder } from "../locations/list.ts";
import { findFile, type LocationContext } from "../locations/locations.ts";
import { invalid } from "../refusal.ts";
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
  const { digest, size } = await findFile(context, path).catch((error) =>
    explainFolder(context, path, error),
  );
  const etag = `"${digest}"`;
  const whole = headers["if-range"] !== undefined && headers["if-range"] !== etag;
  const part = whole || method === "HEAD" ? undefined : parseRange(headers.range, size);
  if (names(headers["if-none-match"], etag)) return describe(reply, path, etag).code(304).send();
  if (part === "outside") {
    const message = `The file has ${size} bytes, and the range lies outside them.`;
    return reply
      .code(416)
      .header("content-range", `bytes */${size}`)
      .send({ error_code: "INVALID_PARAMETER_VALUE", message });
  }
  // Without a stream, Fastify would say that there are no bytes.
  const opened =
    method === "HEAD" ? { stream: Readable.from([]), size } : await context.artifacts.open(digest, part);
  if (part) reply.code(206).header("content-range", `bytes ${part.start}-${part.end}/${size}`);
  return describe(reply, path, etag).header("content-length", opened.size).send(opened.stream);
}

/** A folder is there, but no file. */
async function explainFolder(context: LocationContext, path: string, error: unknown): Promise<never> {
  const { code } = error as { code?: string };
  if (code !== "SCANFLOW_TRACKING_MISSING" && code !== "SCANFLOW_ARTIFACT_ENTRY") throw error;
  if ((await listFolder(context, path)).length === 0) throw error;
  throw invalid(`Artifact path refers to a directory, not a file: '${path}'`);
}

function describe(reply: FastifyReply, path: string, etag: string): FastifyReply {
  return reply
    .header("content-type", contentTypeOf(path))
    .header("content-disposition", disposition(posix.basename(path)))
    .header("x-content-type-options", "nosniff")
    .header("content-security-policy", "default-src 'none'; sandbox")
    .header("cache-control", "private, no-cache")
    .header("accept-ranges", "bytes")
    .header("etag", etag);
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
