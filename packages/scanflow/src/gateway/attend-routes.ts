import type { FastifyInstance, FastifyRequest } from "fastify";
import {
  type AttendAnswer,
  type AttendOrder,
  type CheckpointAnswer,
  protocolPath,
} from "../shim/protocol.ts";
import type { Holder } from "./door.ts";
import { goneSignal } from "./gone-signal.ts";
import { attend, attendBeat, attendEnd, readMessage } from "./messages.ts";
import { tokenError } from "./refusal.ts";
import type { Tokens } from "./tokens.ts";

/** What the attendant of an attempt says, under its own token. */
export function attendRoutes(app: FastifyInstance, tokens: Tokens<Holder>): void {
  const attendance = ({ headers }: FastifyRequest) => {
    const holder = tokens.holder(headers.authorization);
    if (holder.kind === "attend") return holder.attendance;
    throw tokenError();
  };
  app.register(
    async (api) => {
      // Before anything of a body is read: who has no token is not listened to.
      api.addHook("onRequest", async (request) => void attendance(request));
      api.post("/", async (request): Promise<AttendOrder> => {
        return attendance(request).order(readMessage(attend, request.body));
      });
      api.post("/beat", async (request, reply): Promise<AttendAnswer> => {
        return attendance(request).beat(readMessage(attendBeat, request.body), goneSignal(reply));
      });
      api.post("/end", async (request) => {
        attendance(request).end(readMessage(attendEnd, request.body).trouble);
        return {};
      });
      await api.register(async (uploads) => {
        uploads.addContentTypeParser("application/octet-stream", (_request, _payload, done) => done(null));
        uploads.put("/checkpoint", async (request): Promise<CheckpointAnswer> => {
          return attendance(request).take(request.raw);
        });
      });
    },
    { prefix: `${protocolPath}/attend` },
  );
}
