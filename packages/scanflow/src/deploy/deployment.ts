import { createHash } from "node:crypto";
import { type Application, type Plan, planJson, planWorkflow } from "@scanflow/core";
import type { DeployOptions } from "./options.ts";
import type { ApplicationFile, Deployment, PlannedWorkflow } from "./target.ts";

export interface DeploymentOptions {
  /** The only workflow to deploy; default: all that run by themselves. */
  readonly workflow?: string | undefined;
  readonly files?: readonly ApplicationFile[];
  readonly leftOut?: readonly string[];
  readonly options?: DeployOptions;
}

/**
 * An application as exporters see it, but for the images of its tasks. Without a name: all its workflows but those that run only inside another one,
 * since they need its inputs.
 *
 * Errors: SCANFLOW_WORKFLOW_UNKNOWN, SCANFLOW_NOT_RUNNABLE.
 */
export function deploymentOf(
  application: Application,
  { workflow, files = [], leftOut = [], options = {} }: DeploymentOptions,
): Omit<Deployment, "images"> {
  const { name, description, main } = application;
  const names =
    workflow === undefined
      ? application.workflows.filter(({ inputs }) => inputs.length === 0).map((each) => each.name)
      : [workflow];
  // The main one, named or not, says what is missing when nothing can be deployed.
  const workflows = (names.length === 0 ? [main] : names).map((each) =>
    planned(planWorkflow(application, each)),
  );
  const chosen = workflows.find(({ plan }) => plan.workflow === main) ?? workflows[0];
  if (chosen === undefined) throw new Error(`Application ${name} has no workflow. Report this as a bug.`);
  const digest = sha256(workflows.map((each) => `${each.plan.workflow} ${each.digest}\n`).join(""));
  return { application: name, description, main: chosen, workflows, digest, files, leftOut, options };
}

function planned(plan: Plan): PlannedWorkflow {
  const text = planJson(plan);
  return { plan: JSON.parse(text), digest: sha256(text) };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
