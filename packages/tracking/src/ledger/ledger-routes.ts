import type { FastifyPluginAsync } from "fastify";
import { z } from "zod";
import { badRequest } from "../refusal.ts";
import { sendError } from "../routes/error-reply.ts";
import { acceptJson } from "../routes/json-body.ts";
import type { Tracking } from "../tracking.ts";
import { answerCalls } from "./answer-calls.ts";
import { ledgerCall, ledgerJson } from "./calls.ts";

const body = z.object({ calls: z.array(ledgerCall).min(1).max(1000) });

/** Larger than what a ledger gathers in its longest step. */
const mostBodyBytes = 64 * 1024 * 1024;

/** The rows of runs of an engine elsewhere, below `/api/2.0/scanflow/`; see `remoteLedger`. */
export function ledgerRoutes(tracking: Tracking): FastifyPluginAsync {
  return async (app) => {
    acceptJson(app);
    app.setErrorHandler((error, _request, reply) => sendError(error as never, reply));
    app.post("/ledger", { bodyLimit: mostBodyBytes }, async (request, reply) => {
      const asked = body.safeParse(request.body);
      if (!asked.success) throw badRequest(`The calls of a ledger: ${z.prettifyError(asked.error)}`);
      const answers = await answerCalls(tracking, asked.data.calls);
      return reply.type("application/json").send(ledgerJson(answers));
    });
  };
}
