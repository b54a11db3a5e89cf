import { formatProblem, type Plan, planWorkflow } from "@scanflow/core";
import { findConfig, loadApplication, requireFiles } from "../config/index.ts";
import type { Call } from "./command.ts";

/**
 * The plan of a workflow of the application that a call is about, read without an owner. `files` asks for the files that
 * the plan names, as a run would.
 */
export async function readPlan(
  { directory, output }: Call,
  workflow: string | undefined,
  { files = false } = {},
): Promise<Plan> {
  const loaded = await loadApplication(findConfig(directory));
  for (const warning of loaded.warnings) {
    output.note(`${output.style("yellow", "hint")} ${formatProblem(warning)}`);
  }
  const plan = planWorkflow(loaded.application, workflow);
  if (files) await requireFiles(loaded, plan);
  return plan;
}
