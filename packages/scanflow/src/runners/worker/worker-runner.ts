import { removeWorkdir } from "../contract/workdir.ts";
import type { Gateway, WorkerDoor } from "../gateway.ts";
import { outcomeOf, stopOf } from "../outcome.ts";
import { usageUnknown } from "../process/usage-sampler.ts";
import type { Runner, RunningAttempt } from "../runner.ts";
import type { WorkerSettings } from "./settings.ts";
import { taskEnds } from "./task-ends.ts";

export interface WorkerRunnerOptions extends Omit<WorkerSettings, "sendsFiles"> {
  /** Whose doors can be claimed at. */
  readonly gateway: { open(options: WorkerSettings["door"]): Promise<WorkerDoor> } & Pick<Gateway, "close">;
  /** Digest of the folder of the application's files, when workers have to fetch them. */
  readonly code?: () => Promise<string>;
}

/**
 * Has attempts carried out by workers: programs elsewhere that claim them (`main.js run TASK` of the shim), such as the
 * containers of a Compose project. An attempt waits until one comes, as long as its start timeout allows. Workers that
 * wait for a task hear when there is no more to do of it.
 */
export async function workerRunner({
  gateway,
  door: options,
  code,
  patienceMs,
}: WorkerRunnerOptions): Promise<Runner> {
  const door = await gateway.open(options);
  const running = new Map<RunningAttempt, Promise<unknown>>();
  /** The tasks of the run that was heard of last, once all of them have ended. */
  let over: readonly string[] = [];
  return {
    name: "worker",
    // What the environments of workers are is decided where they are made.
    check() {},
    start(spec, listener) {
      let offered: RunningAttempt | undefined;
      let cancelled = false;
      const offer = async () => {
        const digest = await code?.();
        if (cancelled) return { kind: "cancelled" } as const;
        offered = door.offer({ spec, listener, to: "worker", ...(digest !== undefined && { code: digest }) });
        return offered.done;
      };
      const attempt: RunningAttempt = {
        done: offer()
          .catch((error: unknown) => outcomeOf(stopOf(error, spec.task), usageUnknown))
          .finally(() => running.delete(attempt)),
        cancel() {
          cancelled = true;
          offered?.cancel();
        },
      };
      running.set(attempt, attempt.done);
      return attempt;
    },
    heed(standing) {
      const ends = taskEnds(standing);
      for (const end of ends) door.ended(end);
      const works = standing.plan.tasks.filter(({ kind }) =>
        ["executor", "checker", "service"].includes(kind),
      );
      over = ends.length === works.length ? works.map(({ id }) => id) : [];
    },
    // A worker that carries on finds its token refused, and ends what runs of the attempt.
    async reclaim({ workdir }) {
      await removeWorkdir(workdir);
    },
    async close() {
      for (const attempt of running.keys()) attempt.cancel();
      await Promise.all(running.values());
      await door.told(over, patienceMs);
      await gateway.close();
    },
  };
}
