import type { FastifyInstance, FastifyRequest } from "fastify";
import { type BeatAnswer, type EndAnswer, protocolPath } from "../shim/protocol.ts";
import { goneSignal } from "./gone-signal.ts";
import { beat, end, readMessage } from "./messages.ts";
import { requestError } from "./refusal.ts";
import { type GatewayArtifacts, sendContent } from "./send-content.ts";
import type { Sessions } from "./sessions.ts";
import { tokenOf } from "./tokens.ts";

export interface AttemptRooms {
  readonly sessions: Sessions;
  readonly artifacts: GatewayArtifacts;
}

/** More than a shim gathers before it sends. */
const mostPieceBytes = 8 * 1024 * 1024;
/** A result of 1 MiB, written as JSON within JSON. */
const mostEndBytes = 8 * 1024 * 1024;

/** What a shim says about the attempt that it has claimed. */
export function attemptRoutes(app: FastifyInstance, { sessions, artifacts }: AttemptRooms): void {
  const attempt = ({ headers }: FastifyRequest) => sessions.attempt(tokenOf(headers.authorization));
  app.register(
    async (api) => {
      // Before anything of a body is read: who has no token is not listened to.
      api.addHook("onRequest", async (request) => void attempt(request));
      api.get("/code", async (request, reply) => {
        const content = await attempt(request).content(null);
        return reply.type("application/x-tar").send(await sendContent(artifacts, content));
      });
      api.get<{ Params: { name: string } }>("/inputs/:name", async (request, reply) => {
        const content = await attempt(request).content(request.params.name);
        return reply.type("application/octet-stream").send(await sendContent(artifacts, content));
      });
      api.get("/checkpoint", async (request, reply) => {
        return reply.type("application/x-tar").send(attempt(request).checkpoint());
      });
      api.post("/started", async (request) => {
        attempt(request).started();
        return {};
      });
      api.post("/beat", async (request, reply): Promise<BeatAnswer> => {
        return attempt(request).beat(readMessage(beat, request.body), goneSignal(reply));
      });
      api.post("/end", { bodyLimit: mostEndBytes }, async (request): Promise<EndAnswer> => {
        return attempt(request).end(readMessage(end, request.body));
      });
      await api.register(async (pieces) => {
        pieces.addContentTypeParser(
          "application/octet-stream",
          { parseAs: "buffer", bodyLimit: mostPieceBytes },
          (_request, body, done) => done(null, body),
        );
        pieces.post<Piece>("/log", { bodyLimit: mostPieceBytes }, async (request) => {
          attempt(request).takeLog(fromOf(request), bytesOf(request));
          return {};
        });
        pieces.post<Piece>("/logged", { bodyLimit: mostPieceBytes }, async (request) => {
          attempt(request).takeLogged(fromOf(request), bytesOf(request));
          return {};
        });
      });
      await api.register(async (uploads) => {
        uploads.addContentTypeParser("application/octet-stream", (_request, _payload, done) => done(null));
        uploads.put<Upload>("/outputs/:name", async (request) => {
          const { kind } = request.query;
          if (kind !== "file" && kind !== "folder")
            throw requestError('The kind is neither "file" nor "folder"');
          await attempt(request).take(request.params.name, kind, request.raw);
          return {};
        });
      });
    },
    { prefix: `${protocolPath}/attempt` },
  );
}

type Piece = { Querystring: { from?: string } };
type Upload = { Params: { name: string }; Querystring: { kind?: string } };

function fromOf({ query }: FastifyRequest<Piece>): number {
  const { from = "" } = query;
  if (/^\d{1,15}$/.test(from)) return Number(from);
  throw requestError(`"from" is no number of bytes: ${JSON.stringify(from)}`);
}

function bytesOf({ body }: { body: unknown }): Buffer {
  if (Buffer.isBuffer(body)) return body;
  throw requestError("The body is not there");
}
