import type { Command } from "@scanflow/core";

/** Whether a command is carried out by a function in a thread of ours, which hands over its metrics itself. */
export function isFunction({ kind }: Command): boolean {
  return kind === "module" || kind === "check";
}
