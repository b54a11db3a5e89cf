import type { JsonObject, Usage } from "@scanflow/core";
import { type Attempt, Stopped } from "./attempt.ts";
import { readSecrets } from "./contract/owner-environment.ts";
import type { Places } from "./contract/places.ts";
import { removeWorkdir } from "./contract/workdir.ts";
import { AttemptLog } from "./log/attempt-log.ts";
import { hiddenTexts } from "./log/mask.ts";
import { outcomeOf, type Stop, stopOf } from "./outcome.ts";
import { publishOutputs, type Written } from "./outputs.ts";
import { usageUnknown } from "./process/usage-sampler.ts";
import type { AttemptOutcome } from "./runner.ts";
import type { Bench, Workshop } from "./workshop.ts";

/** What every kind of attempt works with. */
export interface Frame<Shop extends Bench = Workshop> {
  readonly attempt: Attempt;
  readonly workshop: Shop;
  readonly places: Places;
  /** Values by name. They go into the environment of the command and nowhere else. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly log: AttemptLog;
  /** Outputs that the way of running adds to those that are declared. */
  readonly extraOutputs: Written[];
  /** Set as soon as it is known. */
  usage: Usage;
}

export interface FrameWork<Shop extends Bench> {
  /** Where the attempt's files lie on this machine. */
  readonly places: (attempt: Attempt) => Places;
  /** Whether its inputs lie there already. Default false. */
  readonly underWay?: boolean;
  /** Does the work and gives the result. */
  readonly run: (frame: Frame<Shop>) => Promise<JsonObject>;
}

/**
 * Carries out one attempt: inputs are put in place, `run` does the work and gives the result, outputs are published,
 * and the attempt's folder is removed. Whatever goes wrong becomes the outcome.
 */
export async function inFrame<Shop extends Bench>(
  attempt: Attempt,
  workshop: Shop,
  { places, underWay = false, run }: FrameWork<Shop>,
): Promise<AttemptOutcome> {
  const { spec } = attempt;
  let frame: Frame<Shop> | undefined;
  try {
    frame = openFrame(attempt, workshop, places);
    if (!underWay) await fetchInputs(frame);
    attempt.checkStopped();
    const result = await run(frame);
    attempt.checkStopped();
    const outputs = await publishOutputs(workshop.artifacts, outputsOf(frame), spec.workdir);
    attempt.checkStopped();
    return { kind: "succeeded", outputs, result, usage: frame.usage };
  } catch (error) {
    const usage = frame?.usage ?? usageUnknown;
    const outcome = outcomeOf(reasonOf(error, attempt), usage);
    // A service has done its work when it is asked to end.
    return outcome.kind === "cancelled" && spec.service ? { ...outcome, usage } : outcome;
  } finally {
    attempt.ended();
    frame?.log.close();
    await removeWorkdir(spec.workdir).catch(() => undefined);
  }
}

function openFrame<Shop extends Bench>(
  attempt: Attempt,
  workshop: Shop,
  places: FrameWork<Shop>["places"],
): Frame<Shop> {
  const { spec, listener } = attempt;
  const secrets = readSecrets(workshop.owner, spec.secrets, spec.task);
  const log = new AttemptLog({
    path: spec.log,
    limit: workshop.logLimit,
    hidden: hiddenTexts(Object.values(secrets)),
    line: (line) => listener.line(line),
    failed: (error) => attempt.stop(stopOf(error, spec.task)),
  });
  return {
    attempt,
    workshop,
    places: places(attempt),
    secrets,
    log,
    extraOutputs: [],
    usage: usageUnknown,
  };
}

/** A reason to stop comes before what went wrong because of it. */
function reasonOf(error: unknown, attempt: Attempt): Stop {
  if (error instanceof Stopped) return error.reason;
  return attempt.stopped ?? stopOf(error, attempt.spec.task);
}

async function fetchInputs({
  attempt,
  workshop,
  places,
}: Pick<Frame<Bench>, "attempt" | "workshop" | "places">): Promise<void> {
  const { inputs } = attempt.spec;
  await Promise.all(
    Object.entries(places.inputs).map(async ([name, path]) => {
      const digest = inputs[name];
      if (digest !== undefined) await workshop.artifacts.materialise(digest, path);
    }),
  );
}

function outputsOf({
  attempt,
  places,
  extraOutputs,
}: Pick<Frame<Bench>, "attempt" | "places" | "extraOutputs">): Written[] {
  const { outputs, task } = attempt.spec;
  const declared = Object.entries(places.outputs).flatMap(([name, path]): Written[] => {
    const definition = outputs[name];
    return definition ? [{ task, name, definition, path }] : [];
  });
  return [...declared, ...extraOutputs];
}
