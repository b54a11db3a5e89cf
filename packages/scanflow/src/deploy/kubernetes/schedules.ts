import type { V1CronJob } from "@kubernetes/client-node";
import type { JsonValue, Plan } from "@scanflow/core";
import { platformName } from "../../platform-name.ts";
import type { PlannedWorkflow } from "../target.ts";
import { confined, confinedPod, temporary } from "./confined.ts";
import { escaped, metadataOf, type Role, type Surroundings, selectorOf } from "./objects.ts";
import { serverPort, serverRole, tokenKey } from "./server.ts";

/** Names of CronJobs are at most 52 characters long: Jobs add 11 to them. */
const mostOfCronJob = 52;

/** The schedules of a workflow: each asks the server for a run at its times, and follows it to its end. */
export function scheduleManifests(
  around: Surroundings,
  { plan, digest }: PlannedWorkflow,
): readonly V1CronJob[] {
  return plan.schedules.map(({ cron, timezone, params }, at) => {
    const name = platformName(`schedule-${plan.workflow}-${at + 1}`, { most: mostOfCronJob });
    const role: Role = { component: "schedule", name };
    const given = Object.entries(params).flatMap(([param, value]) => [
      "--param",
      escaped(`${param}=${paramText(plan, param, value)}`),
    ]);
    return {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: {
        ...metadataOf(around, role),
        annotations: { "org.scanflow/workflow": plan.workflow, "org.scanflow/plan": digest },
      },
      spec: {
        schedule: cron,
        timeZone: timezone,
        concurrencyPolicy: "Forbid",
        // Of the starts that were missed, such as in the night of an upgrade, one within the hour is made up for.
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          spec: {
            // The server goes on with a run whoever follows it: another try would begin a second one.
            backoffLimit: 0,
            ttlSecondsAfterFinished: 7 * 86_400,
            template: {
              metadata: { labels: selectorOf(around, role) },
              spec: {
                ...confinedPod,
                restartPolicy: "Never",
                containers: [
                  {
                    name: "ask",
                    image: around.deployment.images.scanflow,
                    command: ["scanflow", "run", plan.workflow, ...given],
                    workingDir: "/tmp",
                    env: [
                      { name: "HOME", value: "/tmp" },
                      { name: "SCANFLOW_SERVER", value: `http://${serverRole.name}:${serverPort}` },
                      {
                        name: tokenKey,
                        valueFrom: { secretKeyRef: { name: around.secret, key: tokenKey } },
                      },
                    ],
                    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
                    volumeMounts: [temporary.mount],
                    ...confined,
                  },
                ],
                volumes: [temporary.volume],
              },
            },
          },
        },
      },
    };
  });
}

/** As `--param` reads it: the text of a string as it is, all else as JSON. */
function paramText(plan: Plan, name: string, value: JsonValue): string {
  return plan.params[name]?.type === "string" && typeof value === "string" ? value : JSON.stringify(value);
}
