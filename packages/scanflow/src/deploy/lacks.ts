import { ScanflowError } from "@scanflow/core";
import type { Deployment, Lack, Target } from "./target.ts";

/**
 * Asks a target for what it lacks, before anything is written.
 *
 * Errors: SCANFLOW_TARGET_LACKS, whose message lists all, each with its node, the reason and what to change.
 */
export function refuseLacks(target: Target, deployment: Deployment): void {
  const lacks = target.refuse(deployment);
  if (lacks.length === 0) return;
  const listed = lacks.map((lack) => `  ${placeOf(lack)}: ${lack.reason}. ${lack.change}.`);
  throw new ScanflowError(
    "SCANFLOW_TARGET_LACKS",
    `${deployment.application} cannot be exported to ${target.name}:\n${listed.join("\n")}\nNothing was written.`,
  );
}

function placeOf({ workflow, task }: Lack): string {
  return task === null ? workflow : `${workflow}/${task}`;
}
