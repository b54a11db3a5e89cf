import type { Engine, Scheduler } from "../../engine/index.ts";
import { recordedParts } from "./recorded-parts.ts";

export interface RecordedInputs {
  /** Digest of each file of the folder as the run read it, by path. */
  readonly digests: Readonly<Record<string, string>>;
  /** Files that changed while the run was under way: the first reading counts. */
  readonly changed: readonly string[];
}

type Content = ReturnType<Scheduler["attemptInputs"]>["inputs"][string];

/** What a run read from the application's folder. */
export async function recordedInputs(engine: Engine, run: string): Promise<RecordedInputs> {
  const scheduler = await engine.scheduler(run);
  const digests = new Map<string, string>();
  const changed = new Set<string>();
  for (const [task, parts] of await recordedParts(engine, run)) {
    for (const [name, content] of Object.entries(inputsOf(scheduler, task))) {
      const digest = parts[`input: ${name}`];
      if (content.kind !== "file" || digest === undefined) continue;
      const known = digests.get(content.path);
      if (known === undefined) digests.set(content.path, digest);
      else if (known !== digest) changed.add(content.path);
    }
  }
  return { digests: Object.fromEntries(digests), changed: [...changed] };
}

function inputsOf(scheduler: Scheduler, task: string): Readonly<Record<string, Content>> {
  const { status } = scheduler.taskState(task);
  // Only what was started has inputs for sure: a retry of what comes before may have taken them away again.
  return status === "succeeded" || status === "failed" ? scheduler.attemptInputs(task).inputs : {};
}
