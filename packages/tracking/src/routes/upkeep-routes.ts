import type { FastifyPluginAsync } from "fastify";
import { z } from "zod";
import { collectTrackerGarbage, safeGraceMs } from "../purge/collect-tracker-garbage.ts";
import { purgeByName } from "../purge/purge-by-name.ts";
import type { PurgeTarget } from "../purge/purge-target.ts";
import { invalid } from "../refusal.ts";
import type { Tracking } from "../tracking.ts";
import { explainError } from "./error-reply.ts";
import { flag, list, optional, text, whole } from "./fields.ts";
import { inputOf } from "./input.ts";
import { acceptJson } from "./json-body.ts";
import { route } from "./route.ts";

const kinds = ["runs", "experiment", "model", "versions", "deleted"] as const;
const fields = {
  kind: z.enum(kinds),
  name: text,
  run_ids: list(z.string()),
  versions: list(z.string()),
  older_than_ms: optional(whole),
  dry_run: flag,
};

/**
 * Removal for good and the collection of garbage, below `/api/2.0/scanflow/`: only for a server whose artifacts are
 * the tracker's alone. Errors are answered with their `code` beside the protocol's words.
 */
export function upkeepRoutes(tracking: Tracking): FastifyPluginAsync {
  const purge = route("POST purge", fields, (_context, input) =>
    purgeByName(tracking, targetOf(input), { dryRun: input.dry_run ?? false }),
  );
  const collect = route(
    "POST gc",
    { grace_ms: optional(whole), dry_run: flag, force: flag },
    (_context, { grace_ms, dry_run, force }) =>
      collectTrackerGarbage(tracking, { graceMs: safeGraceMs(tracking, grace_ms), dryRun: dry_run, force }),
  );
  return async (app) => {
    acceptJson(app);
    app.setErrorHandler((error: Error & { code: string }, request, reply) => {
      const { name, status, message } = explainError(error);
      if (status >= 500) request.log.error(error);
      return reply.code(status).send({ error_code: name, code: error.code, message });
    });
    for (const { path, answer } of [purge, collect]) {
      app.post(`/${path}`, (request) => answer(tracking.context, inputOf(request)));
    }
  };
}

interface Asked {
  readonly kind: (typeof kinds)[number];
  readonly name: string | undefined;
  readonly run_ids: readonly string[];
  readonly versions: readonly string[];
  readonly older_than_ms: number | undefined;
}

function targetOf({ kind, name, run_ids, versions, older_than_ms }: Asked): PurgeTarget {
  if (kind === "runs") {
    if (run_ids.length === 0) throw invalid("Missing value for required parameter 'run_ids'.");
    return { kind, runIds: run_ids };
  }
  if (kind === "deleted") {
    if (older_than_ms === undefined || older_than_ms < 0)
      throw invalid("Parameter 'older_than_ms' must be 0 or more.");
    return { kind, olderThanMs: older_than_ms };
  }
  if (!name) throw invalid("Missing value for required parameter 'name'.");
  if (kind !== "versions") return { kind, name };
  if (versions.length === 0) throw invalid("Missing value for required parameter 'versions'.");
  return { kind, name, versions };
}
