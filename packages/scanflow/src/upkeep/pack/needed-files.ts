import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Application, errorCode, type Plan, type PlanInput, planWorkflow } from "@scanflow/core";
import { packageFiles } from "../../package-files.ts";
import { codeFiles } from "../../runners/index.ts";

/** Paths that the workflows of an application cannot do without: inputs, code, and what environments are made from. */
export async function neededFiles(root: string, application: Application): Promise<Set<string>> {
  const needed = new Set<string>();
  for (const { name } of application.workflows) {
    const plan = planOf(application, name);
    for (const task of plan?.tasks ?? []) {
      if ("inputs" in task) for (const input of Object.values(task.inputs)) addInput(needed, input);
      if (task.kind === "choice") {
        for (const { outputs } of task.branches)
          for (const input of Object.values(outputs)) addInput(needed, input);
      }
      if (!("run" in task)) continue;
      const { environment, run: command, code } = task;
      if (environment.kind === "python" && environment.requirements !== null)
        needed.add(environment.requirements);
      if (environment.kind === "dockerfile") needed.add(environment.dockerfile);
      if (environment.kind === "node") {
        const [manifest, lock] = packageFiles(environment);
        if (manifest !== undefined) needed.add(manifest);
        if (lock !== undefined && existsSync(join(root, lock))) needed.add(lock);
      }
      for (const path of await codeFiles({ root, command, code })) needed.add(path);
    }
  }
  return needed;
}

function addInput(needed: Set<string>, input: PlanInput): void {
  if (input.kind === "file") needed.add(input.path);
  else if (input.kind === "output" && typeof input.fallback === "string") needed.add(input.fallback);
}

/** null for a workflow that only others can run, since they hand in what it needs. */
export function planOf(application: Application, workflow: string): Plan | null {
  try {
    return planWorkflow(application, workflow);
  } catch (error) {
    if (errorCode(error) === "SCANFLOW_NOT_RUNNABLE") return null;
    throw error;
  }
}
