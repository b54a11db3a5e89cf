import { platformName } from "../../platform-name.ts";
import { nameLacks, standingLacks, standingServices } from "../service-plan.ts";
import type { Deployment, Lack } from "../target.ts";
import { serviceName } from "./standing-service.ts";
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
  const batch = deployment.workflows.some(({ plan }) => plan.mode === "batch");
  const names = nameLacks(standingServices(deployment.workflows), {
    target: "Swarm",
    nameOf: (service) => serviceName(service, deployment),
    taken: [...(batch ? ["scanflow"] : []), ...own.map(({ name }) => platformName(name))],
  });
  return [...trackers, ...names, ...standing];
}
