import { platformName } from "../../platform-name.ts";
import type { Deployment, PlannedWorkflow } from "../target.ts";
import type { Manifest } from "./build.ts";
import { parameterText, templateMetadata } from "./workflow-template.ts";

/** The schedules of a workflow, each with the time zone and the params of its own. */
export function cronWorkflows(deployment: Deployment, workflow: PlannedWorkflow): readonly Manifest[] {
  const { schedules, params, workflow: name } = workflow.plan;
  return schedules.map(({ cron, timezone, params: given }, position) => {
    const parameters = Object.entries(given).flatMap(([param, value]) => {
      const definition = params[param];
      return definition === undefined ? [] : [{ name: param, value: parameterText(definition, value) }];
    });
    return {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "CronWorkflow",
      metadata: {
        ...templateMetadata(deployment, workflow),
        name: `${platformName(name, { most: 48 })}-${position + 1}`,
      },
      spec: {
        schedules: [cron],
        timezone,
        concurrencyPolicy: "Forbid",
        workflowSpec: {
          workflowTemplateRef: { name: platformName(name) },
          ...(parameters.length > 0 && { arguments: { parameters } }),
        },
      },
    };
  });
}
