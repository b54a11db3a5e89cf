import { hostname } from "node:os";
import { z } from "zod";
import { keepHeapSmall } from "../../engine/small-heap.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { onInterrupt } from "../interrupt.ts";
import { readOptions, span } from "../read-options.ts";
import { DEFAULT_ARTIFACTS, DEFAULT_STORE } from "../tracker-options.ts";

const Options = z.object({
  port: z.coerce
    .number<string>("must be a number")
    .int("must be a whole number")
    .min(0, "must be 0 or more")
    .max(65_535, "must be 65535 or less")
    .default(5000),
  host: z.string().default("127.0.0.1"),
  allowedHost: z.array(z.string().min(1, "must be a name")).optional(),
  store: z.string().default(DEFAULT_STORE),
  artifacts: z.string().min(1, "must name a folder").default(DEFAULT_ARTIFACTS),
  trustNetwork: z.boolean().default(false),
  drain: span.optional(),
  allowPrivateWebhooks: z.boolean().default(false),
});

export const command: CommandFunction = async ({ options, directory, output }) => {
  const asked = readOptions(Options, options);
  keepHeapSmall();
  const { openTrackingServer } = await import("@scanflow/tracking/server");
  const { allowedHost: allowedHosts, allowPrivateWebhooks: allowPrivate, drain, ...rest } = asked;
  const webhooks = { allowPrivate };
  const { close, ...where } = await openTrackingServer({
    ...rest,
    allowedHosts,
    ...(drain === undefined ? {} : { drainMs: drain }),
    webhooks,
    folder: directory,
  });
  const interrupt = onInterrupt(close);
  if (output.json) output.line(JSON.stringify(where));
  else {
    const { url, store, artifacts, users } = where;
    const who = users ? "Users send their token" : "Whoever reaches it may do everything";
    output.line(
      `Tracker on ${url} (clients: MLFLOW_TRACKING_URI=${forClients(url, allowedHosts)}). Runs lie in ${store}, files in ${artifacts}. ${who}. Ctrl-C ends it.`,
    );
  }
  await interrupt.heard;
  await interrupt.done;
  interrupt.stop();
  return EXIT.done;
};

/** Listening on all addresses is no address to go to: others reach this machine by its name. */
function forClients(url: string, [name = hostname()]: readonly string[] = []): string {
  return url.replace(/\/\/(?:0\.0\.0\.0|\[::\])(?=:)/, `//${name}`);
}
