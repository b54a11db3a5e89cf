import { platformName } from "../../platform-name.ts";
import type { PlannedWorkflow } from "../target.ts";
import type { StackService } from "./stack-service.ts";

/** The network of a workflow of a stack. */
export function networkOf(workflow: string): string {
  return platformName(workflow);
}

/** Those that services are in: one a workflow, in which its tracker and its services find each other by name. */
export function networksOf(services: readonly StackService[]): Readonly<Record<string, unknown>> {
  const names = new Set(services.flatMap(({ networks }) => networks));
  return Object.fromEntries([...names].map((name) => [name, { driver: "overlay", attachable: true }]));
}

/** Names of a plan's workflow and of those nested in it. */
export function workflowsIn({ plan }: PlannedWorkflow): readonly string[] {
  return [...new Set(plan.groups.map(({ workflow }) => workflow))];
}
