import { createHash, timingSafeEqual } from "node:crypto";
import { ScanflowError } from "@scanflow/core";
import { strangeness } from "@scanflow/tracking";
import type { FastifyInstance, FastifyReply } from "fastify";
import { errorAnswer } from "./error-answer.ts";

/**
 * Keeps web pages out: a page whose name was pointed at this machine (DNS rebinding) sends its own name as `Host`, and
 * a page of another origin says so in `Origin`. `hosts` are further names that it goes by.
 */
export function guardLoopback(app: FastifyInstance, hosts: readonly string[] = []): void {
  app.addHook("onRequest", async ({ method, headers }, reply) => {
    const { host, origin } = headers;
    const strange = strangeness({ method, host, origin }, hosts);
    if (strange === "host") {
      return refuse(
        reply,
        "SCANFLOW_HOST_REFUSED",
        `The host "${host ?? ""}" is not this machine. Use http://127.0.0.1 and the port, or start it with --allowed-host and that name.`,
      );
    }
    if (strange === undefined) return;
    return refuse(
      reply,
      "SCANFLOW_ORIGIN_REFUSED",
      `Pages of ${origin} may change nothing here. Send the request from a program, or from a page of this server.`,
    );
  });
}

/** Lets in who knows the token. */
export function guardToken(app: FastifyInstance, token: string): void {
  const expected = digest(`Bearer ${token}`);
  app.addHook("onRequest", async ({ headers }, reply) => {
    if (timingSafeEqual(digest(headers.authorization ?? ""), expected)) return;
    return refuse(
      reply,
      "SCANFLOW_TOKEN_INVALID",
      "The token is missing or wrong. Send the one in .scanflow/server.json as a bearer token.",
    );
  });
}

/** Answered here, in one form, whatever the routes behind make of errors. */
function refuse(reply: FastifyReply, code: string, message: string): FastifyReply {
  const { status, body } = errorAnswer(new ScanflowError(code, message));
  return reply.status(status).send(body);
}

/** Of equal length for texts of any length, so that comparing them tells nothing. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
