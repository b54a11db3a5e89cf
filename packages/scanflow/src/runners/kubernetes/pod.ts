import * as z from "zod";
import { metadataSchema } from "../../kubernetes/index.ts";
import { containerNames } from "./manifest.ts";

const terminatedSchema = z.object({
  exitCode: z.number(),
  signal: z.number().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

const containerSchema = z.object({
  name: z.string(),
  image: z.string().optional(),
  /** Empty until it is there. */
  imageID: z.string().optional(),
  ready: z.boolean().optional(),
  state: z
    .object({
      waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).nullish(),
      running: z.object({ startedAt: z.string().nullish() }).nullish(),
      terminated: terminatedSchema.nullish(),
    })
    .nullish(),
});

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

const podSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ nodeName: z.string().optional() }).nullish(),
  status: z
    .object({
      phase: z.string().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
      conditions: z.array(conditionSchema).nullish(),
      initContainerStatuses: z.array(containerSchema).nullish(),
      containerStatuses: z.array(containerSchema).nullish(),
    })
    .nullish(),
});

const jobSchema = z.object({
  metadata: metadataSchema,
  status: z.object({ conditions: z.array(conditionSchema).nullish() }).nullish(),
});

/** What is read of a pod, and of a Job. */
export type Pod = z.infer<typeof podSchema>;
export type Job = z.infer<typeof jobSchema>;
export type Terminated = z.infer<typeof terminatedSchema>;
export type PodContainer = z.infer<typeof containerSchema>;
export type ContainerName = keyof typeof containerNames;

export function parsePod(object: unknown): Pod {
  return podSchema.parse(object);
}

export function parseJob(object: unknown): Job {
  return jobSchema.parse(object);
}

export function containerOf({ status }: Pod, name: ContainerName): PodContainer | undefined {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return all.find((container) => container.name === containerNames[name]);
}

/** What the command runs in, by its digest, or where the node knows none by its id; undefined until that is told. */
export function imageOf(pod: Pod): string | undefined {
  const { imageID = "" } = containerOf(pod, "main") ?? {};
  // Docker's nodes put a word of their own before it (cri-dockerd).
  return imageID.replace(/^docker(-pullable)?:\/\//, "") || undefined;
}

/** Whether its node has found that the service in it can be asked. */
export function canBeAsked(pod: Pod): boolean {
  return !pod.metadata.deletionTimestamp && containerOf(pod, "main")?.ready === true;
}

/** Whether nothing of the pod runs any more and nothing will. */
export function isOver({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** How a Job ended, if it has. */
export function jobEnd({
  status,
}: Job): { kind: "complete" | "failed"; reason: string; message: string } | undefined {
  const end = status?.conditions?.find(
    (condition) => condition.status === "True" && ["Complete", "Failed"].includes(condition.type),
  );
  if (!end) return undefined;
  const { type, reason = "", message = "" } = end;
  return { kind: type === "Complete" ? "complete" : "failed", reason, message };
}
