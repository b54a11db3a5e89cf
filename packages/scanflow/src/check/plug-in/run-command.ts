import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Verdict } from "@scanflow/checks";
import { valueText } from "../../runners/contract/value-text.ts";
import { fitsVariable, variableName } from "../../runners/contract/variable-name.ts";
import type { CheckSpec } from "../check-spec.ts";
import { inputVariables } from "./input-variables.ts";
import { outputOf } from "./output-of.ts";
import { plugInFailed } from "./plug-in-failed.ts";
import type { PlugInRun } from "./run-plug-in.ts";
import { verdictOf } from "./verdict-of.ts";

/**
 * Runs a command as the node contract has it: the data at SCANFLOW_INPUT_WINDOW and SCANFLOW_INPUT_REFERENCE, params in
 * SCANFLOW_PARAMS_FILE and SCANFLOW_PARAM_…; the verdict is what it writes to SCANFLOW_OUTPUT_VERDICT, else the JSON
 * that it prints.
 *
 * @throws ScanflowError SCANFLOW_PLUGIN_FAILED when it fails, says nothing or takes too long; ChecksError
 * SCANFLOW_VERDICT_INVALID
 */
export async function runCommand(
  command: string,
  { params, files }: CheckSpec,
  { inputs, signal }: PlugInRun,
): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-check-"));
  try {
    const verdict = join(folder, "verdict.json");
    const paramsFile = join(folder, "params.json");
    await writeFile(paramsFile, JSON.stringify(params));
    const { current, reference, root, timeoutMs } = inputs;
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ...paramVariables(params),
      ...inputVariables(files),
      SCANFLOW_INPUT_WINDOW: resolve(current),
      SCANFLOW_INPUT_CURRENT: resolve(current),
      ...(reference === null ? {} : { SCANFLOW_INPUT_REFERENCE: resolve(reference) }),
      SCANFLOW_PARAMS_FILE: paramsFile,
      SCANFLOW_OUTPUT_VERDICT: verdict,
    };
    const printed = await outputOf(command, {
      ...{ env, cwd: root, signal, timeoutMs },
      failed: plugInFailed(`"${command}"`),
    });
    const written = await readFile(verdict, "utf8").catch(() => null);
    return verdictOf(`"${command}"`, documentOf(written ?? printed, command));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function paramVariables(params: CheckSpec["params"]): Record<string, string> {
  const entries = Object.entries(params).map(
    ([name, value]) => [variableName("PARAM", name), valueText(value)] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => fitsVariable(value)));
}

/** The JSON of the output: all of it, else what stands from the last line on that begins an object. */
function documentOf(text: string, command: string): string {
  const trimmed = text.trim();
  if (trimmed === "") {
    throw plugInFailed(`"${command}"`)(
      "gave no verdict",
      "Print one as JSON, or write it to SCANFLOW_OUTPUT_VERDICT",
    );
  }
  const start = trimmed.startsWith("{") ? 0 : trimmed.lastIndexOf("\n{") + 1;
  const document = trimmed.slice(start);
  if (document.includes("}\n{")) {
    throw plugInFailed(`"${command}"`)(
      "printed more than one document",
      "Print one verdict as JSON, and nothing after it",
    );
  }
  return document;
}
