import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import type { Holder } from "../door.ts";
import { goneSignal } from "../gone-signal.ts";
import { forbidden, requestError, tokenError } from "../refusal.ts";
import type { Tokens } from "../tokens.ts";
import { bodyOf, objectOf, parseObject, queryOf, searchOf } from "./asked.ts";
import { matchRule, segmentsOf } from "./match-rule.ts";
import { isOwnPath, isReadable } from "./policy.ts";
import type { TrackerPass } from "./tracker-pass.ts";
import { askTracker } from "./upstream.ts";

/** As the tracker takes it. */
const mostBodyBytes = 32 * 1024 * 1024;
/** Answers of the API that are read here; files pass as streams. */
const mostAnswerBytes = 256 * 1024 * 1024;

/**
 * The tracker's MLflow API as one attempt may use it, under that attempt's token. JSON is read here and written anew, so
 * what the policy has seen is what the tracker gets; files go through as they come.
 */
export function trackerProxy(tokens: Tokens<Holder>): FastifyPluginCallback {
  return (app, _options, done) => {
    const pass = ({ headers }: FastifyRequest): TrackerPass => {
      const holder = tokens.holder(headers.authorization);
      if (holder.kind === "tracker") return holder.pass;
      throw tokenError();
    };
    for (const path of ["/health", "/version"]) {
      app.get(path, async (request, reply) => {
        const signal = goneSignal(reply);
        const answer = await askTracker({ tracker: pass(request), method: "GET", path, headers: {}, signal });
        return sendOn(reply, answer);
      });
    }
    for (const prefix of ["/api", "/ajax-api"]) {
      app.register((api, _, ready) => addApi(api, pass, ready), { prefix: `${prefix}/2.0/mlflow` });
      app.register((files, _, ready) => addFiles(files, pass, ready), {
        prefix: `${prefix}/2.0/mlflow-artifacts`,
      });
    }
    app.get("/get-artifact", async (request, reply) => {
      const own = pass(request);
      const asked = objectOf(request.query);
      const named = [asked.run_id, asked.run_uuid].filter((run) => run !== undefined);
      if (named.length !== 1 || !own.ownsRun(named[0])) throw forbidden("This run is not the attempt's");
      const query = new URLSearchParams(asked as Record<string, string>);
      const headers = pick(request.headers, ["range", "accept"]);
      const signal = goneSignal(reply);
      const path = `/get-artifact?${query}`;
      return sendOn(reply, await askTracker({ tracker: own, method: "GET", path, headers, signal }));
    });
    app.all("/*", async (request) => {
      pass(request);
      throw forbidden(`${request.method} ${pathOf(request)} is not open to attempts`);
    });
    done();
  };
}

type Passing = (request: FastifyRequest) => TrackerPass;

function addApi(api: FastifyInstance, pass: Passing, done: () => void): void {
  api.addHook("onRequest", async (request) => void pass(request));
  api.removeAllContentTypeParsers();
  api.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: mostBodyBytes }, (_request, body, parsed) =>
    parsed(null, body),
  );
  api.all("/*", { bodyLimit: mostBodyBytes }, async (request, reply) => {
    const own = pass(request);
    const { method } = request;
    const below = pathOf(request).slice(api.prefix.length + 1);
    const matched = matchRule(method, segmentsOf(below));
    if (matched === undefined) throw forbidden(`${method} ${below} is not open to attempts`);
    const { rule, params } = matched;
    const isRead = method === "GET";
    const asked = { ...(isRead ? queryOf(request) : bodyOf(request)), ...params };
    const refused = rule.refuses(asked, own);
    if (refused !== undefined) throw forbidden(refused);
    const sent = rule.changed ? rule.changed(asked, own) : asked;
    const answer = await askTracker({
      tracker: own,
      method,
      path: `/api/2.0/mlflow/${below.split("/").map(reencoded).join("/")}${isRead ? searchOf(sent) : ""}`,
      headers: isRead ? {} : { "content-type": "application/json" },
      ...(isRead ? {} : { body: Buffer.from(JSON.stringify(sent)) }),
      signal: goneSignal(reply),
    });
    const body = await bytesOf(answer);
    if (answer.statusCode === 200) {
      const read = JSON.parse(body.toString("utf8"));
      const kept = rule.answers?.(read, own);
      if (kept !== undefined) throw forbidden(kept);
      rule.learns?.(read, own, sent);
    }
    return reply
      .status(answer.statusCode ?? 502)
      .type(answer.headers["content-type"] ?? "application/json")
      .send(body);
  });
  done();
}

/** What `mlflow-artifacts:/` stands for. */
function addFiles(files: FastifyInstance, pass: Passing, done: () => void): void {
  files.addHook("onRequest", async (request) => void pass(request));
  files.removeAllContentTypeParsers();
  files.addContentTypeParser("*", (_request, _payload, parsed) => parsed(null));
  files.all("/artifacts", async (request, reply) => {
    const own = pass(request);
    if (request.method !== "GET") throw forbidden("Only single files can be written");
    const { path = "" } = queryOf(request);
    if (typeof path !== "string") throw requestError("The path is no text");
    if (!isReadable(segmentsOf(path).join("/"), own))
      throw forbidden(`The folder ${JSON.stringify(path)} is not the attempt's`);
    return sendOn(
      reply,
      await askTracker({
        tracker: own,
        method: "GET",
        path: `${root}/artifacts${searchOf({ path })}`,
        headers: {},
        signal: goneSignal(reply),
      }),
    );
  });
  files.all("/artifacts/*", async (request, reply) => {
    const own = pass(request);
    const { method, headers, raw } = request;
    const path = segmentsOf(pathOf(request).slice(`${files.prefix}/artifacts/`.length)).join("/");
    const may =
      method === "GET" ? isReadable(path, own) : /^(PUT|DELETE)$/.test(method) && isOwnPath(path, own);
    if (!may) throw forbidden(`${method} of the file ${JSON.stringify(path)} is not open to this attempt`);
    const sent = method === "PUT" ? ["content-type", "content-length"] : ["range", "accept"];
    const answer = await askTracker({
      tracker: own,
      method,
      path: `${root}/artifacts/${path.split("/").map(encodeURIComponent).join("/")}`,
      headers: pick(headers, sent),
      ...(method === "PUT" && { body: raw }),
      signal: goneSignal(reply),
    });
    return sendOn(reply, answer);
  });
  addParts(files, pass);
  done();
}

const root = "/api/2.0/mlflow-artifacts";

/** Files that come in parts, each a request of its own. */
function addParts(files: FastifyInstance, pass: Passing): void {
  files.post<{ Params: { step: string } }>("/mpu/:step/*", async (request, reply) => {
    const own = pass(request);
    const { step } = request.params;
    if (!["create", "complete", "abort"].includes(step)) throw forbidden("This is no step of an upload");
    const folder = segmentsOf(pathOf(request).slice(`${files.prefix}/mpu/${step}/`.length)).join("/");
    if (!isOwnPath(folder, own))
      throw forbidden(`The folder ${JSON.stringify(folder)} is not this attempt's`);
    const asked = parseObject(await bytesOf(request.raw));
    if (step !== "create" && !own.uploads.has(String(asked.upload_id)))
      throw forbidden("This upload is not the attempt's");
    const answer = await askTracker({
      tracker: own,
      method: "POST",
      path: `${root}/mpu/${step}/${folder.split("/").map(encodeURIComponent).join("/")}`,
      headers: {
        "content-type": "application/json",
        // Parts are to be sent to where this request was.
        "x-forwarded-host": request.host,
        "x-forwarded-proto": request.protocol,
      },
      body: Buffer.from(JSON.stringify(asked)),
      signal: goneSignal(reply),
    });
    const body = await bytesOf(answer);
    reply.status(answer.statusCode ?? 502).type("application/json");
    if (answer.statusCode !== 200 || step !== "create") return reply.send(body);
    const begun = JSON.parse(body.toString("utf8"));
    own.uploads.add(String(begun.upload_id));
    const headers = { Authorization: request.headers.authorization };
    const credentials = Array.isArray(begun.credentials) ? begun.credentials : [];
    return reply.send({ ...begun, credentials: credentials.map((one: object) => ({ ...one, headers })) });
  });
  files.put<{ Params: { upload: string; part: string } }>(
    "/mpu/part/:upload/:part",
    async (request, reply) => {
      const own = pass(request);
      const { upload, part } = request.params;
      if (!own.uploads.has(upload) || !/^\d{1,5}$/.test(part))
        throw forbidden("This upload is not the attempt's");
      const path = `${root}/mpu/part/${encodeURIComponent(upload)}/${part}`;
      const headers = pick(request.headers, ["content-type", "content-length"]);
      const sent = { headers, body: request.raw, signal: goneSignal(reply) };
      return sendOn(reply, await askTracker({ tracker: own, method: "PUT", path, ...sent }));
    },
  );
}

/** Headers that mean something from end to end; none of the connection's own. */
const answered = [
  "content-type",
  "content-length",
  "content-range",
  "content-disposition",
  "accept-ranges",
  "etag",
  "x-content-type-options",
];

function sendOn(reply: FastifyReply, answer: IncomingMessage): FastifyReply {
  return reply
    .status(answer.statusCode ?? 502)
    .headers(pick(answer.headers, answered))
    .send(answer);
}

function pick(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}

/** As it was sent, without the query. */
function pathOf({ raw }: FastifyRequest): string {
  return (raw.url ?? "/").split(/[?#]/, 1)[0] ?? "/";
}

function reencoded(segment: string): string {
  return encodeURIComponent(decodeURIComponent(segment));
}

async function bytesOf(source: AsyncIterable<unknown>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let total = 0;
  for await (const piece of source) {
    const bytes = piece as Buffer;
    total += bytes.length;
    if (total > mostAnswerBytes) throw requestError("The message is too large");
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
