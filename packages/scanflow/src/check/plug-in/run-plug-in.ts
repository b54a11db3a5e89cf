import { relative } from "node:path";
import type { Verdict } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import type { CheckInputs, CheckSpec } from "../check-spec.ts";
import type { PlugInAnswer, PlugInTask } from "./messages.ts";
import { OwnThread } from "./own-thread.ts";
import { plugInFailed } from "./plug-in-failed.ts";
import { verdictOf } from "./verdict-of.ts";

/** What a plug-in is run with beside its own settings. */
export interface PlugInRun {
  readonly inputs: CheckInputs;
  readonly signal: AbortSignal;
}

/**
 * Calls the default export of a module with the data, in a thread of its own.
 *
 * @throws ScanflowError SCANFLOW_PLUGIN_FAILED when it throws, ends its thread or takes too long; ChecksError
 * SCANFLOW_VERDICT_INVALID
 */
export async function runPlugIn(
  module: string,
  { name, params }: CheckSpec,
  { inputs, signal }: PlugInRun,
): Promise<Verdict> {
  const { current, reference, names, options, seed, root, timeoutMs } = inputs;
  const task: PlugInTask = { module, name, params, inputs: { current, reference, names, options, seed } };
  const failed = plugInFailed(relative(root, module));
  const thread = new OwnThread<PlugInTask, PlugInAnswer>(
    { name: "plug-in", specifier: "./plug-in-worker", base: import.meta.url },
    task,
    { failed, signal, timeoutMs, instead: "Return a verdict, or throw" },
  );
  const answer = await thread.next().finally(() => thread.close());
  if (answer.kind === "answered") return verdictOf(relative(root, module), answer.json);
  if (answer.kind === "not-a-checker") {
    const found = answer.exports.join(", ") || "nothing";
    throw failed(
      `has no function as its default export; it exports ${found}`,
      "Write: export default (window, reference, context) => verdict",
    );
  }
  if (answer.code !== null) throw new ScanflowError(answer.code, answer.message);
  throw failed(`threw ${answer.message}`, "Correct it");
}
