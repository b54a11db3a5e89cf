import type { FastifyReply } from "fastify";

/** Aborted once whoever asked has gone without waiting for the answer. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return gone.signal;
}
