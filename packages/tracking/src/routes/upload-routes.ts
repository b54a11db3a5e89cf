import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { containedPath } from "../locations/path.ts";
import { withoutEndSlashes } from "../locations/root.ts";
import { invalid } from "../refusal.ts";
import type { TrackingContext } from "../tracking.ts";
import { abortUpload, beginUpload, completeUpload, putPart, type Upload } from "../uploads/uploads.ts";
import { list, optional, required, whole } from "./fields.ts";
import { acceptJson } from "./json-body.ts";
import { type Route, route } from "./route.ts";
import { wholeBody } from "./whole-body.ts";

const begin = route("POST create", { folder: required, path: required, num_parts: whole }, (context, input) =>
  beginUpload(context, { path: placeOf(input), parts: input.num_parts }),
);

/** Of the answer to the beginning of an upload: the token of any identity provider, for thousands of parts. */
const mostHeaderBytes = 16 * 1024 * 1024;

const sentPart = z.object({ part_number: whole, etag: optional(z.string()) });

const complete = route(
  "POST complete",
  { folder: required, path: required, upload_id: required, parts: list(sentPart) },
  async (context, input) => {
    const sent = input.parts.map(({ part_number, etag }) => ({ number: part_number, tag: etag ?? "" }));
    await completeUpload(context, { id: input.upload_id, path: placeOf(input) }, sent);
    return {};
  },
);

const abort = route(
  "POST abort",
  { folder: required, path: required, upload_id: required },
  async (context, input) => {
    await abortUpload(context, { id: input.upload_id, path: placeOf(input) });
    return {};
  },
);

/**
 * Files that come in parts, each a request of its own: what gets through proxies that refuse large bodies. The
 * parts go through this server, which has to see all content to know its digest.
 */
export function uploadRoutes(app: FastifyInstance, context: TrackingContext): void {
  const answer = (row: Route, { params, body }: FastifyRequest) =>
    row.answer(context, { ...(body as object), folder: (params as { "*": string })["*"] });
  app.register(async (json) => {
    acceptJson(json);
    json.post("/mpu/create/*", async (request) =>
      credentialsFor((await answer(begin, request)) as Upload, request),
    );
    json.post("/mpu/complete/*", (request) => answer(complete, request));
    json.post("/mpu/abort/*", (request) => answer(abort, request));
  });
  app.put<{ Params: { upload: string; part: string } }>("/mpu/part/:upload/:part", async (request, reply) => {
    const { upload, part } = request.params;
    if (!/^\d{1,5}$/.test(part)) throw invalid(`'${part}' is not the number of a part.`);
    const tag = await putPart(context, { id: upload, number: Number(part) }, wholeBody(request.raw));
    return reply.header("etag", `"${tag}"`).send({});
  });
}

/** The file's place: clients send their own path of it, of which the name counts. */
function placeOf({ folder, path }: { folder: string; path: string }): string {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  if (name === "") throw invalid("Invalid path");
  return containedPath(`${withoutEndSlashes(folder)}/${name}`);
}

/**
 * Clients send parts without the headers of their other requests: they are told to bring the token along. It is
 * repeated for each part, so the spaces that a header may have go.
 */
function credentialsFor({ id, parts }: Upload, request: FastifyRequest): object {
  const authorization = request.headers.authorization?.replace(/ +/, " ");
  if ((authorization?.length ?? 0) * parts > mostHeaderBytes) {
    throw invalid(`The header Authorization is too long to be repeated for ${parts} parts. Use fewer parts.`);
  }
  const base = `${originOf(request)}${request.url.slice(0, request.url.indexOf("/mpu/create/"))}`;
  return {
    upload_id: id,
    credentials: Array.from({ length: parts }, (_, at) => ({
      url: `${base}/mpu/part/${id}/${at + 1}`,
      part_number: at + 1,
      headers: authorization === undefined ? {} : { Authorization: authorization },
    })),
  };
}

/** Where the client sees this server. What a proxy says of that goes back to the one who asked, and nowhere else. */
function originOf({ headers, protocol, host }: FastifyRequest): string {
  const said = (name: string) =>
    String(headers[name] ?? "")
      .split(",", 1)[0]
      ?.trim() ?? "";
  const scheme = said("x-forwarded-proto");
  const seen = said("x-forwarded-host");
  return `${/^https?$/.test(scheme) ? scheme : protocol}://${/^[\w.:[\]-]+$/.test(seen) ? seen : host}`;
}
