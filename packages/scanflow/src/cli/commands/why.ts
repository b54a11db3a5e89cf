import { z } from "zod";
import type { Why } from "../../api/index.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";
import { withClient } from "../session.ts";
import { skipReason } from "../text/skip-reason.ts";

const Options = z.object({ run: z.string().default("latest") });

export const command: CommandFunction = async (call) => {
  const { run } = readOptions(Options, call.options);
  const { output } = call;
  const [task = ""] = call.arguments;
  const why = await withClient(call, (client) => client.runs.why({ run, task }));
  if (output.json) output.document(why);
  else for (const line of explained(why)) output.line(line);
  return EXIT.done;
};

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
  const lines = [
    `${task} ran in run ${run}: ${REASONS[miss.reason] ?? miss.reason}${miss.changed.length > 0 ? ":" : "."}`,
  ];
  lines.push(...miss.changed.map((part) => `  ${part}`));
  if (attempt > 1) lines.push(`It took ${attempt} attempts.`);
  if (interrupted) {
    lines.push(
      status === "failed" ? `${lost}, as too often before.` : `${lost}. It runs again with the run.`,
    );
  } else if (error && status === "failed") lines.push(`It ended with ${error.code}: ${error.message}`);
  return [...lines, ...partsText(why)];
}

const REASONS: Readonly<Record<string, string>> = {
  "first-run": "this work was not done before",
  changed: "since it last ran, this has changed",
  off: "caching is off for it or for the run",
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
