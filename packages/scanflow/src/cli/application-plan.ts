import { formatProblem, type Plan, planWorkflow } from "@scanflow/core";
import { findConfig, loadApplication } from "../config/index.ts";
import type { Call } from "./command.ts";

/** The plan of a workflow of the application that a call is about, read without an owner. */
export async function readPlan({ directory, output }: Call, workflow: string | undefined): Promise<Plan> {
  const { application, warnings } = await loadApplication(findConfig(directory));
  for (const warning of warnings) output.note(`${output.style("yellow", "hint")} ${formatProblem(warning)}`);
  return planWorkflow(application, workflow);
}
