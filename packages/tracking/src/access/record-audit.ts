import "./request-actor.ts";
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { sendError } from "../routes/error-reply.ts";
import { optional, text, whole } from "../routes/fields.ts";
import { inputOf } from "../routes/input.ts";
import { route } from "../routes/route.ts";
import type { Tracking } from "../tracking.ts";
import { changes, ruleOf } from "./access-table.ts";
import { Audit, type AuditEntry, type AuditOptions } from "./audit.ts";

const auditPath = "/api/2.0/scanflow/audit";

/** Fields that say what a request is about. Others may hold values, which are nobody's business here. */
const named = [
  "experiment_id",
  "run_id",
  "run_uuid",
  "model_id",
  "name",
  "new_name",
  "version",
  "alias",
] as const;
const alsoNamed = ["key", "kind", "stage", "webhook_id", "tag_key", "upload_id", "upload", "*"] as const;
const longest = 500;
const shown = z.union([z.string().min(1), z.number().transform(String)]);

/**
 * Puts down every request that changes something, before it is answered: who, when, from where, what and how it ended,
 * those that were refused for want of a right too; and answers admins who ask for it at `/api/2.0/scanflow/audit`
 * (fields `user`, `since` in milliseconds, `max_results`, `page_token`). What is put down outlives runs and users.
 * Call it after `guardAccess` and before routes are added. Behind `guardAccess` it keeps what users do and nobody
 * else: a stranger cannot fill it. Without `guardAccess`, it was the user of the tracker.
 */
export function recordAudit(
  app: FastifyInstance,
  { tracking, ...options }: AuditOptions & { tracking: Pick<Tracking, "context"> },
): void {
  const { context } = tracking;
  const audit = new Audit(context, options);
  const guarded = app.hasRequestDecorator("actor");
  // Who hangs up before the answer has no address any more.
  const addresses = new WeakMap<Socket, string | undefined>();
  app.server.on("connection", (socket: Socket) => addresses.set(socket, socket.remoteAddress));
  app.addHook("onSend", async (request, reply, payload) => {
    const { url } = request.routeOptions;
    const rule = url === undefined || request.is404 ? undefined : ruleOf(request.method, url);
    if (url === undefined || rule === undefined || !changes(rule)) return payload;
    if (request.method === "GET" || request.method === "HEAD") return payload;
    const actor = guarded ? request.actor : context.actor;
    if (guarded && actor === undefined) return payload;
    try {
      await audit.add({
        user: actor?.name ?? "",
        address: request.ip ?? addresses.get(request.raw.socket) ?? "",
        method: request.method,
        route: url,
        target: targetOf(request),
        status: reply.statusCode,
      });
    } catch (error) {
      request.log.error(error, "the audit could not be written");
    }
    return payload;
  });
  const fields = { user: text, since: optional(whole), max_results: optional(whole), page_token: text };
  const listing = route("GET audit", fields, async (_context, input) => {
    const { items, nextPageToken } = await audit.list({
      user: input.user,
      sinceMs: input.since,
      maxResults: Math.min(Math.max(input.max_results ?? 100, 1), 10_000),
      pageToken: input.page_token,
    });
    return { entries: items.map(entryJson), next_page_token: nextPageToken };
  });
  app.get(auditPath, async (request, reply) => {
    try {
      return await listing.answer(context, inputOf(request));
    } catch (error) {
      return sendError(error as never, reply);
    }
  });
}

function targetOf(request: FastifyRequest): Record<string, string> {
  const input = inputOf(request);
  const target: Record<string, string> = {};
  for (const field of [...named, ...alsoNamed]) {
    const parsed = shown.safeParse(input[field]);
    if (parsed.success) target[field] = parsed.data.slice(0, longest);
  }
  return target;
}

function entryJson({ atMs, ...entry }: AuditEntry) {
  return { timestamp: atMs, ...entry };
}
