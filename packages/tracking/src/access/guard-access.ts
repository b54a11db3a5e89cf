import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { TrackingError } from "../errors.ts";
import { sendError } from "../routes/error-reply.ts";
import { inputOf } from "../routes/input.ts";
import type { Tracking } from "../tracking.ts";
import type { Access } from "./access.ts";
import { type Need, ruleOf } from "./access-table.ts";
import { FailedLogins } from "./failed-logins.ts";
import "./request-actor.ts";
import { type Actor, everyApplication, may } from "./role.ts";

export interface AccessGuard {
  readonly access: Pick<Access, "authenticate">;
  /** Looks up to which application a run, model or file belongs. */
  readonly tracking: Pick<Tracking, "context">;
}

/**
 * Lets nobody past without a token, and everybody only to what the table of access gives them. Call it before routes
 * are added: it holds for all that come after, also for those it does not know, which it refuses.
 * Clients send the token as `Authorization: Bearer TOKEN` (MLFLOW_TRACKING_TOKEN) or as the password of Basic
 * (MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD; the user name is not looked at).
 * Answers 401 UNAUTHENTICATED, 403 PERMISSION_DENIED and 429 REQUEST_LIMIT_EXCEEDED.
 */
export function guardAccess(app: FastifyInstance, { access, tracking }: AccessGuard): void {
  const { context } = tracking;
  const failed = new FailedLogins();
  app.addHook("onRequest", async (request, reply) => {
    if (ruleOfRequest(request) === "open") return;
    const token = tokenOf(request.headers.authorization);
    const actor = token === undefined ? undefined : await access.authenticate(token);
    if (actor) {
      request.actor = actor;
      return;
    }
    const waitSeconds = token === undefined ? undefined : failed.add(request.ip, context.now());
    return waitSeconds === undefined ? refuseUnknown(reply, token) : refuseHasty(reply, waitSeconds);
  });
  app.addHook("preHandler", async (request, reply) => {
    const rule = ruleOfRequest(request);
    const { actor } = request;
    if (rule === "open" || (rule === "known" && actor)) return;
    if (!rule || rule === "known" || !actor)
      return sendError(denied("This route is not open to users."), reply);
    const asked = { context, actor, input: inputOf(request) };
    for (const need of rule) {
      const refusal = await refusalOf(need, asked);
      if (refusal) return sendError(refusal, reply);
    }
  });
}

/** A request for a route that there is not is answered so, to who has a token. */
function ruleOfRequest({ routeOptions, method, is404 }: FastifyRequest) {
  if (is404 || routeOptions.url === undefined) return "known";
  return ruleOf(method, routeOptions.url);
}

type AskedOf = Parameters<Need["on"][number]>[0];

async function refusalOf({ role, on }: Need, asked: AskedOf): Promise<TrackingError | undefined> {
  const { actor } = asked;
  const found = await Promise.all(on.map((finder) => finder(asked)));
  const places = [...new Set(found.flat())];
  // Nothing of the kind is there: the route says so to those who might have been let in to it.
  if (places.length === 0) {
    const anywhere = [...actor.roles.keys()].some((application) => may(actor, role, application));
    return anywhere ? undefined : deniedRole(actor, role, everyApplication);
  }
  const closed = places.find((application) => !may(actor, role, application));
  return closed === undefined ? undefined : deniedRole(actor, role, closed);
}

function deniedRole({ name }: Actor, role: string, application: string): TrackingError {
  const where = application === everyApplication ? "every application" : `the application "${application}"`;
  return denied(`User "${name}" needs the role ${role} on ${where} for this. Ask an admin of the tracker.`);
}

function denied(message: string): TrackingError {
  return new TrackingError("SCANFLOW_TRACKING_DENIED", message);
}

/** The token of a Bearer header, or the password of a Basic one; undefined when there is neither. */
function tokenOf(authorization = ""): string | undefined {
  const [, scheme = "", value = ""] = /^(Bearer|Basic) +(\S+)\s*$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (value === "") return undefined;
  const decoded = Buffer.from(value, "base64").toString("utf8");
  return decoded.slice(decoded.indexOf(":") + 1);
}

function refuseUnknown(reply: FastifyReply, token: string | undefined): FastifyReply {
  const message =
    token === undefined
      ? "No token was sent. Set MLFLOW_TRACKING_TOKEN to one that an admin of the tracker has made for you."
      : "The token is unknown, expired or revoked. Ask an admin of the tracker for a new one.";
  reply.header("www-authenticate", 'Basic realm="scanflow", charset="UTF-8"');
  return sendError(new TrackingError("SCANFLOW_TRACKING_UNAUTHENTICATED", message), reply);
}

function refuseHasty(reply: FastifyReply, waitSeconds: number): FastifyReply {
  reply.header("retry-after", String(waitSeconds));
  const message = `Too many wrong tokens came from this address. Try again in ${waitSeconds} s, with another token.`;
  return sendError(new TrackingError("SCANFLOW_TRACKING_THROTTLED", message), reply);
}
