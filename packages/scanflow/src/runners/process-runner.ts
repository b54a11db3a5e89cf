import { ScanflowError } from "@scanflow/core";
import type { ArtifactAccess } from "./artifact-access.ts";
import { Attempt } from "./attempt.ts";
import { ModuleCode } from "./code/module-code.ts";
import { runCommand } from "./command-attempt.ts";
import { CheckpointFolders } from "./contract/checkpoint-folders.ts";
import { inheritedEnvironment } from "./contract/owner-environment.ts";
import { placesOf, scratchFiles } from "./contract/places.ts";
import { removeWorkdir } from "./contract/workdir.ts";
import { inFrame } from "./frame.ts";
import { StepPool } from "./function/step-pool.ts";
import { runFunction } from "./function-attempt.ts";
import { runNotebook } from "./notebook-attempt.ts";
import { Launcher } from "./process/launcher/launcher.ts";
import { endFamily, endMarked } from "./process/leftovers.ts";
import { markerVariable } from "./process/marker.ts";
import { recordedFamily } from "./process/process-file.ts";
import { PythonEnvironments } from "./python/python-environments.ts";
import type { Runner } from "./runner.ts";
import { Ports, refuseTakenPorts } from "./service/ports.ts";
import type { Workshop } from "./workshop.ts";

export interface ProcessRunnerOptions {
  readonly artifacts: ArtifactAccess;
  /** Folder for what is built once and kept, such as Python environments (absolute). */
  readonly cacheDir: string;
  /** How long a process may take to end after it was asked to. */
  readonly graceMs?: number;
  /** Most bytes of log kept of an attempt; past it only the newest output is. */
  readonly logLimit?: number;
  /** Threads for function steps. */
  readonly threads?: number;
  /** The environment that tasks inherit and secrets are read from. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Runs attempts on this machine: commands in process groups of their own, function steps in warm threads. See the
 * node contract for what an attempt finds, and `AttemptOutcome` for how it ends. Whatever an attempt started is gone
 * when its `done` settles: on Linux also processes that left their group, elsewhere those of the group.
 *
 * Besides the codes of `SCANFLOW_ERRORS` an attempt may fail with those of the artifact store.
 */
export function processRunner(options: ProcessRunnerOptions): Runner {
  const { artifacts, cacheDir, graceMs = 5000, logLimit = 64 * 1024 * 1024, threads } = options;
  const owner = options.environment ?? process.env;
  const inherited = inheritedEnvironment(owner);
  const workshop: Workshop = {
    artifacts,
    cacheDir,
    owner,
    inherited,
    graceMs,
    logLimit,
    launcher: new Launcher({
      // So that what Python prints is in the log at once.
      base: { PYTHONUNBUFFERED: "1", ...inherited },
      graceMs,
      marker: owner[markerVariable],
    }),
    checkpoints: new CheckpointFolders(),
    environments: new PythonEnvironments(cacheDir),
    steps: new StepPool(inherited, threads),
    code: new ModuleCode(),
    ports: new Ports(),
  };
  const running = new Map<Attempt, Promise<unknown>>();

  return {
    name: "process",
    check,
    async ready(plan, { begins }) {
      if (begins) await refuseTakenPorts(plan, workshop.ports);
    },
    start(spec, listener) {
      const attempt = new Attempt(spec, listener);
      const places = () => placesOf(spec, cacheDir);
      const run = ways[spec.command.kind];
      const done = inFrame(attempt, workshop, { places, run }).finally(() => running.delete(attempt));
      running.set(attempt, done);
      return { done, cancel: () => attempt.stop({ kind: "cancelled" }) };
    },
    async reclaim({ workdir, token }) {
      await endFamily(recordedFamily(scratchFiles(workdir).process, token), graceMs);
      await removeWorkdir(workdir);
    },
    async reclaimUnrecorded(isOne) {
      await endMarked(isOne, graceMs);
    },
    async close() {
      for (const attempt of running.keys()) attempt.stop({ kind: "cancelled" });
      await Promise.all(running.values());
      await workshop.environments.close();
      await workshop.steps.close();
      await workshop.launcher.close();
    },
  };
}

const ways = { command: runCommand, module: runFunction, check: runFunction, notebook: runNotebook };

function check({ task, environment }: Parameters<Runner["check"]>[0]): void {
  if (environment.kind !== "image" && environment.kind !== "dockerfile") return;
  const what = environment.kind === "image" ? `the image ${environment.image}` : environment.dockerfile;
  throw new ScanflowError(
    "SCANFLOW_ENVIRONMENT_UNSUPPORTED",
    `Task "${task}" asks for ${what}, and this runner starts processes of this machine only. Use a runner for containers, or declare a host or Python environment.`,
  );
}
