import { readFile as readBytes } from "node:fs/promises";
import { resolve } from "node:path";
import { BUILT_INS, type BuiltIn, checkContext, type Dataset, type Verdict } from "@scanflow/checks";
import { createOnnxRuntime } from "../inference/index.ts";
import { checkKind } from "./check-kind.ts";
import type { CheckInputs, CheckSpec } from "./check-spec.ts";
import { runCommand } from "./plug-in/run-command.ts";
import { runPlugIn } from "./plug-in/run-plug-in.ts";
import { openPredictor } from "./predictor/open-predictor.ts";
import { readFiles } from "./read-files.ts";

/** The data that the built-ins of one command share, so that each profile is made once. */
export interface Judged {
  readonly window: Dataset;
  readonly reference: Dataset | null;
}

/**
 * Makes one check. A plug-in runs in a thread or a process of its own: one that hangs or crashes is told as such.
 *
 * @throws ScanflowError SCANFLOW_CHECK_UNKNOWN, SCANFLOW_PLUGIN_FAILED; ChecksError of params and of broken verdicts
 */
export async function runCheck(
  spec: CheckSpec,
  inputs: CheckInputs,
  { window, reference, signal }: Judged & { readonly signal: AbortSignal },
): Promise<Verdict> {
  const what = checkKind(spec.check, inputs.root);
  if (what.kind === "command") return runCommand(what.command, spec, { inputs, signal });
  if (what.kind === "module") {
    const params = { ...(await readFiles(spec.files)), ...spec.params };
    return runPlugIn(what.path, { ...spec, params }, { inputs, signal });
  }
  const builtIn = BUILT_INS[what.name];
  if (builtIn === undefined) throw new Error(`no built-in ${what.name}`);
  const { own, predictors } = shareFiles(spec.files, builtIn);
  const params = { ...(await readFiles(own)), ...spec.params };
  if (builtIn.needsReference && reference === null) return withoutReference(spec.name);
  const checker = await builtIn.load();
  const onnx = createOnnxRuntime();
  const readFile = (path: string) => readBytes(resolve(inputs.root, path));
  const opened: { close(): Promise<void> }[] = [];
  try {
    const { seed, root, timeoutMs } = inputs;
    const context = checkContext(spec.name, {
      params,
      seed,
      signal,
      onnx,
      readFile,
      openPredictor: async (how, roles) => {
        const own = await openPredictor(how, { root, files: predictors, roles, signal, timeoutMs });
        opened.push(own);
        return own.predict;
      },
      now: () => performance.now(),
    });
    return await checker(window, reference, context);
  } finally {
    await Promise.all([onnx, ...opened].map((one) => one.close()));
  }
}

/** Files that a check which asks a predictor has no param for, such as a model, are the predictor's. */
function shareFiles(files: CheckSpec["files"], { params, asksPredictor }: BuiltIn) {
  const isOwn = ([name]: readonly [string, string]) =>
    asksPredictor === undefined || Object.hasOwn(params, name);
  const entries = Object.entries(files);
  return {
    own: Object.fromEntries(entries.filter(isOwn)),
    predictors: Object.fromEntries(
      entries.filter((entry) => !isOwn(entry)).map(([name, path]) => [name, resolve(path)]),
    ),
  };
}

function withoutReference(name: string): Verdict {
  return {
    status: "invalid",
    kind: name,
    message: `The check "${name}" compares, and there is no reference. Name data or a saved profile as the reference.`,
    columns: [],
    evidence: {},
  };
}
