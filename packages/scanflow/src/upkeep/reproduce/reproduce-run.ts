import { type RunEvent, ScanflowError } from "@scanflow/core";
import type { ActiveRun } from "../../engine/index.ts";
import type { UpkeepRooms } from "../upkeep-rooms.ts";
import { recordedInputs } from "./recorded-inputs.ts";

export interface Reproduction {
  readonly run: ActiveRun;
  /** What is not as it was, in words. */
  readonly notes: readonly string[];
}

/**
 * Runs the recorded plan of a run again: with its params, its inputs as they were read, its facts about the machine
 * and the decisions that people took, and nothing from the cache. The code is that of today.
 * Errors: SCANFLOW_REPRODUCE_LOST, and those of starting a run.
 */
export async function reproduceRun(
  rooms: UpkeepRooms,
  original: string,
  { user = null }: { readonly user?: string | null } = {},
): Promise<Reproduction> {
  const { engine } = rooms;
  const { plan, state } = await engine.scheduler(original);
  const { created } = state;
  if (!created) throw lost(original, "its beginning is not recorded");
  const { digests, changed } = await recordedInputs(engine, original);
  for (const [path, digest] of Object.entries(digests)) {
    if (!(await rooms.artifacts.has(digest)))
      throw lost(original, `"${path}" as it was read then (${digest}) is not kept`);
  }
  for (const { dataset, version, digest } of Object.values(created.data ?? {})) {
    if (!(await rooms.artifacts.has(digest)))
      throw lost(original, `the content of ${dataset}@${version} (${digest}) is not here`);
  }
  const decisions = decisionsOf(await engine.journal.events(original));
  const run = await engine.start(plan, {
    params: created.params,
    inputs: { ...created.inputs, ...digests },
    ...(created.data && { data: created.data }),
    device: created.device,
    cache: false,
    user,
    cause: { kind: "reproduce", run: original },
  });
  run.onEvents((events) => {
    for (const event of events) {
      const decision = event.event === "approval-requested" ? decisions.get(event.task) : undefined;
      if (decision) run.send({ kind: "decide", ...decision });
    }
  });
  return {
    run,
    notes: changed.map(
      (path) => `"${path}" changed while run ${original} was under way; all tasks read its first state now.`,
    ),
  };
}

interface Decision {
  readonly task: string;
  readonly approved: boolean;
  readonly by: string;
  readonly comment: string;
}

function decisionsOf(events: readonly RunEvent[]): Map<string, Decision> {
  const decisions = new Map<string, Decision>();
  for (const event of events) {
    if (event.event !== "approval-decided") continue;
    const { task, approved, by, comment } = event;
    decisions.set(task, { task, approved, by, comment });
  }
  return decisions;
}

function lost(run: string, what: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_REPRODUCE_LOST",
    `Run ${run} cannot be reproduced: ${what}. Reproduce a run whose artifacts are kept, or start a new one with "scanflow run".`,
  );
}
