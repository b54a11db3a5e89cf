import type { FastifyInstance, FastifyRequest } from "fastify";
import type { TaskEnd } from "../runners/gateway.ts";
import { type ClaimAnswer, protocolPath } from "../shim/protocol.ts";
import type { Board } from "./board.ts";
import type { Holder } from "./door.ts";
import { goneSignal } from "./gone-signal.ts";
import { claim, readMessage } from "./messages.ts";
import { requestError, tokenError } from "./refusal.ts";
import { isSame, type Tokens, tokenOf } from "./tokens.ts";
import { awaitWorkerService } from "./worker-service.ts";

export interface ClaimRooms {
  readonly tokens: Tokens<Holder>;
  readonly board: Board;
  readonly workerToken: string | undefined;
  /** How long a worker is kept waiting before it has to ask again. */
  readonly beatMs: number;
  readonly closing: AbortSignal;
}

/** Where work is asked for: by an attempt's own token, or by a worker with the token of all workers. */
export function claimRoute(app: FastifyInstance, rooms: ClaimRooms): void {
  /** The attempt of a ticket; "any" of a worker. */
  const claimer = ({ headers: { authorization } }: FastifyRequest) => {
    const { workerToken, tokens } = rooms;
    if (workerToken !== undefined && isSame(tokenOf(authorization) ?? "", workerToken)) return "any";
    const holder = tokens.holder(authorization);
    if (holder.kind === "ticket") return holder.attempt;
    throw tokenError();
  };
  app.post(
    `${protocolPath}/claim`,
    // Before anything of the body is read: who has no token is not listened to.
    { bodyLimit: 256 * 1024, onRequest: async (request) => void claimer(request) },
    async (request, reply): Promise<ClaimAnswer> => {
      const attempt = claimer(request);
      const asked = readMessage(claim, request.body);
      if (attempt !== "any") return { kind: "order", order: await attempt.claim(asked) };
      if (asked.task === null)
        throw requestError("A worker has to name the task that it works on (run TASK)");
      const signal = AbortSignal.any([
        goneSignal(reply),
        rooms.closing,
        AbortSignal.timeout(4 * rooms.beatMs),
      ]);
      const claimed = await rooms.board.claim(asked.task, signal);
      if (claimed === undefined) return { kind: "wait" };
      if (claimed.kind === "over") return overAnswer(claimed.end);
      const order = await claimed.attempt.claim(asked);
      void awaitWorkerService(claimed.attempt, request.ip);
      return { kind: "order", order };
    },
  );
}

/**
 * A worker has done its part however its task ended: what follows on a failure is the engine's to decide, and has to be
 * started for that.
 */
function overAnswer({ task, status }: TaskEnd): ClaimAnswer {
  return { kind: "over", exit: 0, message: `task ${task}: ${status}` };
}
