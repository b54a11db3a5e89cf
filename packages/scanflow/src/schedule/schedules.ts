import type { JsonObject, Plan } from "@scanflow/core";
import { Cron } from "croner";
import { isRunOf, runIdAt } from "./run-id-at.ts";

/** A run that is due. */
export interface ScheduledRun {
  readonly id: string;
  readonly workflow: string;
  readonly params: JsonObject;
}

export interface SchedulesOptions {
  readonly plans: readonly Pick<Plan, "workflow" | "schedules">[];
  /** Begins a run; asked again with the same id it is the same run. */
  readonly begin: (run: ScheduledRun) => Promise<unknown>;
  /** Ids of runs of a workflow that are under way. */
  readonly underWay: (workflow: string) => Promise<readonly string[]>;
  /** A run was not begun, since this one that the schedule began earlier has not ended. */
  readonly skipped: (workflow: string, run: string) => void;
  /** A run could not be begun; the next one is tried all the same. */
  readonly failed: (workflow: string, error: unknown) => void;
}

export interface Schedules {
  /** When each comes next, the soonest first. */
  readonly next: readonly { readonly workflow: string; readonly at: Date }[];
  stop(): void;
}

const minuteMs = 60_000;

/**
 * Begins the runs of schedules as long as the process stands, by the clock of each one's time zone. What was due while
 * nothing stood is not made up for; what is due while the schedule's last run is under way is left out, as the exports
 * say it to Kubernetes and Argo (`concurrencyPolicy: Forbid`).
 */
export function keepSchedules(options: SchedulesOptions): Schedules {
  const { plans, begin, underWay, skipped, failed } = options;
  const jobs = plans.flatMap(({ workflow, schedules }) =>
    schedules.map(({ cron, timezone, params }) => {
      const job = new Cron(cron, { timezone, mode: "5-part" }, async () => {
        const at = Math.floor(Date.now() / minuteMs) * minuteMs;
        const schedule = { workflow, cron, timezone };
        const id = runIdAt({ ...schedule, at });
        try {
          const runs = await underWay(workflow);
          const last = runs.find((run) => run !== id && isRunOf(run, schedule));
          if (last === undefined) await begin({ id, workflow, params });
          else skipped(workflow, last);
        } catch (error) {
          failed(workflow, error);
        }
      });
      return { workflow, job };
    }),
  );
  return {
    get next() {
      return jobs
        .flatMap(({ workflow, job }) => {
          const at = job.nextRun();
          return at ? [{ workflow, at }] : [];
        })
        .sort((a, b) => a.at.getTime() - b.at.getTime());
    },
    stop: () => {
      for (const { job } of jobs) job.stop();
    },
  };
}
