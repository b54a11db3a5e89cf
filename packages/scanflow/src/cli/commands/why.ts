import { z } from "zod";
import type { Client, Why } from "../../api/index.ts";
import { codedError } from "../coded-error.ts";
import type { CommandFunction } from "../command.ts";
import { errorCode } from "../error-code.ts";
import { EXIT } from "../exit-code.ts";
import { ItemNames } from "../item-names.ts";
import { readOptions } from "../read-options.ts";
import { withClient } from "../session.ts";
import { skipReason } from "../text/skip-reason.ts";

const Options = z.object({ run: z.string().optional() });

export const command: CommandFunction = async (call) => {
  const { run } = readOptions(Options, call.options);
  const { output } = call;
  const [task = ""] = call.arguments;
  await withClient(call, async (client) => {
    const why = await (run === undefined ? whyInNewest(client, task) : client.runs.why({ run, task }));
    if (output.json) return output.document(why);
    const items = new ItemNames((await client.runs.show({ run: why.run })).tasks);
    for (const line of explained({ ...why, task: items.label(why.task) })) output.line(line);
  });
  return EXIT.done;
};

/** The newest run may be one of another workflow, which does not know the task. */
async function whyInNewest(client: Client, task: string): Promise<Why> {
  try {
    return await client.runs.why({ run: "latest", task });
  } catch (error) {
    if (errorCode(error) !== "SCANFLOW_TASK_UNKNOWN" || !(error instanceof Error)) throw error;
    const { workflow } = await client.runs.show({ run: "latest" });
    const hint = `It is the newest run, of ${workflow}; name another with --run.`;
    throw codedError("SCANFLOW_TASK_UNKNOWN", `${error.message} ${hint}`);
  }
}

function explained(why: Why): string[] {
  const { run, task, status, from, miss, skip, error, attempt, interrupted } = why;
  const lost = `Attempt ${attempt} was interrupted: its owner ended while it ran`;
  if (skip && interrupted) {
    const reason = skipReason(skip.reason, skip.detail);
    return [`${task} did not end (${status}) in run ${run}: ${reason}.`, `${lost}.`];
  }
  if (skip)
    return [`${task} did not run (${status}) in run ${run}: ${skipReason(skip.reason, skip.detail)}.`];
  if (from) {
    return [
      `${task} was taken from the cache in run ${run}: nothing that decides its outputs has changed.`,
      `Its outputs come from run ${from.run} (attempt ${from.attempt}).`,
      ...partsText(why),
    ];
  }
  if (!miss) return [`${task} is ${status} in run ${run} and has not been started.`];
  const lines = [...missLines(why, miss), ...retryLines(why)];
  if (interrupted) {
    lines.push(
      status === "failed" ? `${lost}, as too often before.` : `${lost}. It runs again with the run.`,
    );
  } else if (error && status === "failed") lines.push(`It ended with ${error.code}: ${error.message}`);
  return [...lines, ...partsText(why)];
}

function missLines({ task, run, before }: Why, { reason, changed }: NonNullable<Why["miss"]>): string[] {
  const ran = `${task} ran in run ${run}:`;
  if (reason === "changed") {
    const since = before === null ? "it last ran" : `run ${before}`;
    return [`${ran} since ${since}, this has changed:`, ...changed.map((part) => `  ${part}`)];
  }
  if (reason === "first-run" && before !== null) {
    return [`${ran} nothing has changed since run ${before}, but that left nothing to take over.`];
  }
  return [`${ran} ${REASONS[reason] ?? reason}.`];
}

/** How its last attempt differs from the one before, where that is not said already. */
function retryLines({ attempt, retried, miss }: Why): string[] {
  if (attempt < 2) return [];
  if (!retried) return [`It took ${attempt} attempts.`];
  const took = `It took ${attempt} attempts;`;
  const { attempt: previous, changed } = retried;
  if (changed.length === 0) return [`${took} nothing changed between the last two.`];
  if (changed.join() === miss?.changed.join())
    return [`${took} this has changed since attempt ${previous} too.`];
  return [`${took} since attempt ${previous}, this has changed:`, ...changed.map((part) => `  ${part}`)];
}

const REASONS: Readonly<Record<string, string>> = {
  "first-run": "this work was not done before",
  off: "caching is off for it or for the run",
  service: "a service is never taken from the cache",
  retry: "it was tried again",
  "artifact-lost": "it was done before, but an output of it is not in the store any more",
};

/** What the key is made of, by kind: `command`, `code: steps/a.ts`, `input: data`. */
function partsText({ parts }: Why): string[] {
  const names = Object.keys(parts).sort();
  if (names.length === 0) return [];
  const groups = Map.groupBy(names, (name) => name.split(": ", 1)[0] ?? name);
  return [
    "It is decided by:",
    ...[...groups].map(([kind, members]) => {
      const within = members.flatMap((name) => (name === kind ? [] : [name.slice(kind.length + 2)]));
      return `  ${kind}${within.length > 0 ? `: ${within.join(", ")}` : ""}`;
    }),
  ];
}
