import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "@scanflow/core";
import { hideSourceFlags } from "@scanflow/tracking/worker";
import { provideScanflow } from "../../provide-scanflow.ts";
import type { RemoteStep } from "../contract/remote-command.ts";
import { LoggedWriter } from "./logged-writer.ts";
import { performStep, thrownBy } from "./perform-step.ts";
import { stepContext } from "./step-context.ts";
import { stepFunction } from "./step-module.ts";

/**
 * Runs a function step or a check as the whole of this process, as `scanflow-shim step` does in a container: what it
 * is given stands in the file of `SCANFLOW_STEP_FILE`, what it logs and how it ends goes into that of
 * `SCANFLOW_LOGGED_FILE`. Ends the process: with 0 where the function returned, else with 1.
 */
export async function stepProcess(command: Extract<Command, { kind: "module" | "check" }>): Promise<never> {
  hideSourceFlags();
  provideScanflow();
  const files = takeFiles();
  const step: RemoteStep = JSON.parse(readFileSync(files.step, "utf8"));
  const logged = new LoggedWriter(files.logged);
  const root = resolve(step.root);
  const wanted = stepFunction(command, root);
  if (!existsSync(wanted.module)) {
    logged.end({ kind: "no-module", module: wanted.module });
    process.exit(1);
  }
  const abort = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => abort.abort());
  const stray = Promise.withResolvers<never>();
  process.on("unhandledRejection", stray.reject);
  process.on("uncaughtException", stray.reject);
  // Never left without somebody to hear of it.
  stray.promise.catch(() => undefined);
  const context = stepContext(step, {
    signal: abort.signal,
    metric: (metric) => logged.metric(metric),
    tag: (tag) => logged.tag(tag),
    heartbeat: () => touch(files.heartbeat),
  });
  const result = await Promise.race([
    // One turn of the loop, so that a rejection that nobody handles is known before the step counts as done.
    performStep(wanted, context).then((done) => new Promise<typeof done>((end) => setImmediate(end, done))),
    stray.promise,
  ]).catch((thrown: unknown) => thrownBy(thrown, root));
  logged.end(result);
  if (result.kind === "returned" && files.result !== undefined) writeFileSync(files.result, result.json);
  process.exit(result.kind === "returned" ? 0 : 1);
}

interface Files {
  readonly step: string;
  readonly logged: string;
  readonly result: string | undefined;
  readonly heartbeat: string | undefined;
}

/** A step is handed its parameters, returns its result and calls `heartbeat()`: it does not see these variables. */
function takeFiles(): Files {
  const {
    SCANFLOW_STEP_FILE: step,
    SCANFLOW_LOGGED_FILE: logged,
    SCANFLOW_RESULT_FILE: result,
    SCANFLOW_HEARTBEAT_FILE: heartbeat,
  } = process.env;
  for (const name of Object.keys(process.env)) if (isOurs.test(name)) delete process.env[name];
  if (step !== undefined && logged !== undefined) return { step, logged, result, heartbeat };
  throw new TypeError(
    "This is how a runner starts a step in a container: SCANFLOW_STEP_FILE and SCANFLOW_LOGGED_FILE are not set. Use scanflow run.",
  );
}

const isOurs = /^SCANFLOW_(STEP|LOGGED|RESULT|HEARTBEAT|PARAMS)_FILE$/;

function touch(path: string | undefined): void {
  if (path === undefined) return;
  const now = new Date();
  if (existsSync(path)) utimesSync(path, now, now);
  else writeFileSync(path, "");
}
