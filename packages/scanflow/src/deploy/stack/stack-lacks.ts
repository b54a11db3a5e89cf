import type { WorkTask } from "@scanflow/core";
import type { Deployment, Lack } from "../target.ts";
import { type Standing, standingServices } from "./standing.ts";
import { paramsOfRuns } from "./standing-params.ts";
import { ownTrackers } from "./tracker-service.ts";

/** What Swarm has no way to do: schedules, and services that stand by themselves yet depend on a run. */
export function stackLacks(deployment: Deployment): readonly Lack[] {
  const schedules = deployment.workflows
    .filter(({ plan }) => plan.schedules.length > 0)
    .map(({ plan: { workflow } }) => ({
      workflow,
      task: null,
      reason: "Swarm has no schedules",
      change: 'Take "schedules" out, start the stack\'s engine from cron, or export to kubernetes',
    }));
  const own = ownTrackers(deployment);
  const trackers = own
    .filter(({ name }) => own.filter((other) => other.name === name).length > 1)
    .map(({ name, workflow }) => ({
      workflow,
      task: null,
      reason: `another workflow's tracker is called ${name}, too, and a stack finds trackers by name`,
      change: "Give each a name of its own",
    }));
  return [...schedules, ...trackers, ...standingServices(deployment).flatMap(lacksOf)];
}

function lacksOf(standing: Standing): readonly Lack[] {
  const { plan, task } = standing;
  const lack = (reason: string, change: string): Lack => ({
    workflow: plan.workflow,
    task: task.id,
    reason,
    change,
  });
  const onRun = `Run the workflow on a manager with "scanflow run ${plan.workflow} --on swarm", which starts the service in its run`;
  const lacks: Lack[] = [];
  for (const [name, { kind }] of Object.entries(task.inputs)) {
    if (kind === "file") continue;
    const what = kind === "output" ? "the output of a task" : "a dataset";
    lacks.push(
      lack(
        `its input "${name}" is ${what}, and nothing in a stack makes it`,
        `Name a file of the application, or: ${onRun}`,
      ),
    );
  }
  if (isConditional(task)) {
    lacks.push(lack("whether and how often it runs is decided in a run", onRun));
  }
  for (const name of paramsOfRuns(standing)) {
    lacks.push(
      lack(
        `its parameter "${name}" hangs on values that are known in a run only`,
        `Give it a value, or: ${onRun}`,
      ),
    );
  }
  return lacks;
}

function isConditional({ when, guards, maps }: WorkTask): boolean {
  return when !== null || guards.length > 0 || maps.length > 0;
}
