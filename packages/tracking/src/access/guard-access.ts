import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { TrackingError } from "../errors.ts";
import { sendError } from "../routes/error-reply.ts";
import { inputOf } from "../routes/input.ts";
import type { Tracking } from "../tracking.ts";
import type { Access } from "./access.ts";
import { ruleOf } from "./access-table.ts";
import { refusalOf } from "./authorise.ts";
import { FailedLogins } from "./failed-logins.ts";
import "./request-actor.ts";

export interface AccessGuard {
  readonly access: Pick<Access, "authenticate">;
  /** Looks up to which application a run, model or file belongs. */
  readonly tracking: Pick<Tracking, "context">;
  /** Whether requests need a token yet; default: always. As long as they do not, everybody may do everything. */
  readonly needed?: () => Promise<boolean>;
}

/**
 * Lets nobody past without a token, and everybody only to what the table of access gives them. Call it before routes
 * are added: it holds for all that come after, also for those it does not know, which it refuses.
 * Clients send the token as `Authorization: Bearer TOKEN` (MLFLOW_TRACKING_TOKEN) or as the password of Basic
 * (MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD; the user name is not looked at).
 * Answers 401 UNAUTHENTICATED, 403 PERMISSION_DENIED and 429 REQUEST_LIMIT_EXCEEDED.
 */
export function guardAccess(app: FastifyInstance, { access, tracking, needed }: AccessGuard): void {
  const { context } = tracking;
  const failed = new FailedLogins();
  const letIn = new WeakSet<FastifyRequest>();
  app.decorateRequest("actor");
  app.addHook("onRequest", async (request, reply) => {
    if (ruleOfRequest(request) === "open") return;
    if (needed && !(await needed())) {
      letIn.add(request);
      return;
    }
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
    if (rule === "open" || letIn.has(request)) return;
    const { actor } = request;
    if (!actor) return refuseUnknown(reply, undefined);
    const refusal = await refusalOf(rule, { context, actor, input: inputOf(request) });
    if (refusal) return sendError(refusal, reply);
  });
}

/** A request for a route that there is not is answered so, to who has a token. */
function ruleOfRequest({ routeOptions, method, is404 }: FastifyRequest) {
  if (is404 || routeOptions.url === undefined) return "known";
  return ruleOf(method, routeOptions.url);
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
