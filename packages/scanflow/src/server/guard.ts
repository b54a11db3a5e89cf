import { createHash, timingSafeEqual } from "node:crypto";
import { ScanflowError } from "@scanflow/core";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** Names under which this machine reaches itself. */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;
const reading = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Keeps web pages out: a page whose name was pointed at this machine (DNS rebinding) sends its own name as `Host`, and
 * a page of another origin says so in `Origin`.
 */
export function guardLoopback(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ method, headers }) => {
    const { host = "", origin } = headers;
    if (!loopbackHost.test(host)) {
      throw new ScanflowError(
        "SCANFLOW_HOST_REFUSED",
        `The host "${host}" is not this machine. Use http://127.0.0.1 and the port.`,
      );
    }
    if (
      origin === undefined ||
      reading.has(method) ||
      origin.toLowerCase() === `http://${host}`.toLowerCase()
    )
      return;
    throw new ScanflowError(
      "SCANFLOW_ORIGIN_REFUSED",
      `Pages of ${origin} may change nothing here. Send the request from a program, or from a page of this server.`,
    );
  });
}

/** Lets in who knows the token. */
export function guardToken(app: FastifyInstance, token: string): void {
  const expected = digest(`Bearer ${token}`);
  app.addHook("onRequest", async ({ headers }: FastifyRequest) => {
    if (timingSafeEqual(digest(headers.authorization ?? ""), expected)) return;
    throw new ScanflowError(
      "SCANFLOW_TOKEN_INVALID",
      "The token is missing or wrong. Send the one in .scanflow/server.json as a bearer token.",
    );
  });
}

/** Of equal length for texts of any length, so that comparing them tells nothing. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
