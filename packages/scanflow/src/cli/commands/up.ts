import { z } from "zod";
import type { Client } from "../../api/index.ts";
import { findConfig, loadApplication } from "../../config/index.ts";
import { keepSchedules, type Schedules, type SchedulesOptions } from "../../schedule/index.ts";
import { connect, type Owner } from "../../server/index.ts";
import { codedError } from "../coded-error.ts";
import type { Call, CommandFunction } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { onInterrupt } from "../interrupt.ts";
import { clusterOptions, ownerOptions } from "../owner-options.ts";
import { positive, readOptions } from "../read-options.ts";
import { applicationRoot } from "../session.ts";
import { moment } from "../text/moment.ts";
import { codedUsageError } from "../usage-error.ts";

const Options = z.object({
  host: z.string().min(1, "must be a name or an address").default("127.0.0.1"),
  port: z.coerce
    .number<string>("must be a number")
    .int("must be a whole number")
    .min(0, "must be 0 or more")
    .max(65_535, "must be 65535 or less")
    .default(8000),
  allowedHost: z.array(z.string().min(1, "must be a name")).default([]),
  trustNetwork: z.boolean().default(false),
  cpus: positive.optional(),
  gateway: clusterOptions.gateway,
  registry: clusterOptions.registry,
  schedules: z.boolean().default(true),
  on: z.enum(["process", "docker"], "must be process or docker").default("process"),
});

/** An owner that stays: it takes up what was left, takes what other commands begin, and ends when it is told to. */
export const command: CommandFunction = async (call) => {
  const { on, ...options } = readOptions(Options, call.options);
  if (on === "process") return upHere(call, options);
  const { port, host, allowedHost, trustNetwork, cpus, gateway, registry } = options;
  const others = [cpus, gateway, registry].some((one) => one !== undefined);
  if (host !== "127.0.0.1" || allowedHost.length > 0 || trustNetwork || others || port === 0) {
    throw codedUsageError(
      "up --on docker listens on 127.0.0.1 and takes --port alone, which is not 0. Leave the other options out.",
    );
  }
  const { upInContainer } = await import("../up/up-in-container.ts");
  return upInContainer(call, { port });
};

async function upHere(
  call: Call,
  {
    host,
    port,
    allowedHost,
    trustNetwork,
    cpus,
    gateway,
    registry,
    schedules: keeps,
  }: Omit<z.output<typeof Options>, "on">,
): Promise<ExitCode> {
  const { output } = call;
  const isOwn = /^(127\.\d+\.\d+\.\d+|localhost|::1)$/.test(host);
  if (!isOwn && !trustNetwork) {
    throw codedError(
      "SCANFLOW_SERVER_EXPOSED",
      `On ${host} everyone who reaches this machine could change what the tracker keeps. Leave --host away, or say with --trust-network that the network keeps others out.`,
    );
  }
  const root = applicationRoot(call);
  const connection = await connect(root, {
    ...ownerOptions({ cpus, gateway, registry }),
    listen: true,
    port,
    ...(isOwn ? {} : { exposed: { host, allowedHosts: allowedHost } }),
    warn: (code, text) => output.warn(code, text),
  });
  const { owner, client, pid } = connection;
  if (!owner) {
    throw codedError(
      "SCANFLOW_OWNER_OPTIONS",
      `Process ${pid} owns this folder already. Use it as it is, or end it ("kill ${pid}") and try again.`,
    );
  }
  process.chdir(root);
  const interrupt = onInterrupt(() => connection.close());
  let schedules: Schedules | undefined;
  try {
    await takeUp(client, {
      told: (run) => output.note(`taking up run ${run}, which had no end`),
      failed: (run, error) => output.error(explained(`Run ${run} was not taken up`, error)),
    });
    if (keeps) {
      schedules = await keep(client, root, {
        failed: (workflow, error) =>
          output.error(explained(`The scheduled run of ${workflow} was not begun`, error)),
        skipped: (workflow, run) =>
          output.note(
            `no scheduled run of ${workflow} was begun: run ${run} of the same schedule has not ended`,
          ),
      });
    }
    tell(owner, schedules?.next ?? []);
    await interrupt.heard;
    return EXIT.done;
  } finally {
    schedules?.stop();
    await (interrupt.signal.aborted ? interrupt.done : connection.close());
    interrupt.stop();
  }

  function tell({ rooms }: Owner, next: Schedules["next"]): void {
    const url = rooms.url();
    if (output.json) output.line(JSON.stringify({ url, pid: process.pid }));
    else {
      output.line(`Scanflow is up on ${url} (MLFLOW_TRACKING_URI=${url}). Ctrl-C ends it; runs are kept.`);
      for (const { workflow, at } of next) output.line(`  ${workflow} runs next at ${moment(at.getTime())}`);
    }
  }
}

/** In somebody's hand, and not at its end. */
const underWay: ReadonlySet<string> = new Set(["running", "waiting", "paused", "cancelling"]);

/** Begins the runs that the definition's schedules ask for. */
async function keep(
  client: Client,
  root: string,
  told: Pick<SchedulesOptions, "failed" | "skipped">,
): Promise<Schedules> {
  const { application } = await loadApplication(findConfig(root));
  const plans = application.workflows.map(({ name, schedules }) => ({ workflow: name, schedules }));
  return keepSchedules({
    plans,
    ...told,
    underWay: async (workflow) => {
      const runs = await client.runs.list({ workflow, limit: 100 });
      return runs.filter(({ status }) => underWay.has(status)).map(({ run }) => run);
    },
    begin: ({ id, workflow, params }) => client.runs.start({ run: id, workflow, params, user: "schedule" }),
  });
}

function explained(what: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  error.message = `${what}: ${error.message}`;
  return error;
}

interface TakeUp {
  readonly told: (run: string) => void;
  readonly failed: (run: string, error: unknown) => void;
}

/** Runs that an earlier owner left in the middle go on. One that cannot keeps neither the others nor the server down. */
async function takeUp(client: Client, { told, failed }: TakeUp): Promise<void> {
  const runs = await client.runs.list({});
  for (const { run, status } of runs.toReversed()) {
    if (status !== "interrupted") continue;
    told(run);
    await client.runs.resume({ run }).catch((error: unknown) => failed(run, error));
  }
}
