import { standingLacks } from "../service-plan.ts";
import type { Deployment, Lack } from "../target.ts";
import { ownTrackers } from "./tracker-service.ts";

/** What a stack cannot do: tell trackers of one name apart, and keep up what depends on a run. */
export function stackLacks(deployment: Deployment): readonly Lack[] {
  const own = ownTrackers(deployment);
  const trackers = own
    .filter(({ name }) => own.filter((other) => other.name === name).length > 1)
    .map(({ name, workflow }) => ({
      workflow,
      task: null,
      reason: `another workflow's tracker is called ${name}, too, and a stack finds trackers by name`,
      change: "Give each a name of its own",
    }));
  const standing = deployment.workflows.flatMap((each) =>
    standingLacks(each, { target: "Swarm", routes: false }),
  );
  return [...trackers, ...standing];
}
