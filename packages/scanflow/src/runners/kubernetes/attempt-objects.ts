import { setTimeout as pause } from "node:timers/promises";
import type { V1Job, V1Service } from "@kubernetes/client-node";
import * as z from "zod";
import { type Cluster, isPassing, isStatus, listSchema } from "../../kubernetes/index.ts";
import { type AttemptManifests, containerNames } from "./manifest.ts";
import { jobNameLabel } from "./names.ts";
import { type Job, type Pod, parseJob, parsePod } from "./pod.ts";

export interface Trying {
  readonly signal: AbortSignal;
  /** Told of the first trouble with an answer that may pass. */
  readonly troubled?: (error: unknown) => void;
}

/**
 * Makes an attempt's Job and Secret, and the Service of a service. The Job is made asleep, so that the others can belong
 * to it from their first moment and go with it, whatever happens to the owner; then it is woken. So of Secrets the only
 * right needed is to create. Gives the address of the Service.
 */
export async function createObjects(
  cluster: Cluster,
  { job, secret, service }: AttemptManifests,
  trying: Trying,
): Promise<string | undefined> {
  const name = job.metadata?.name ?? "";
  const made = await patiently(trying, () => createJob(cluster, job, name));
  const { uid } = made.metadata;
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name, uid }];
  const owned = <Made extends { metadata?: object }>(one: Made) => ({
    ...one,
    metadata: { ...one.metadata, ownerReferences },
  });
  await patiently(trying, () => create(cluster, cluster.path("v1", "secrets"), owned(secret)));
  const address = service && (await patiently(trying, () => createService(cluster, owned(service), name)));
  await patiently(trying, () => cluster.patch(jobPath(cluster, name), { spec: { suspend: false } }));
  return address;
}

const serviceSchema = z.object({ spec: z.object({ clusterIP: z.string() }) });

/** The address of the Service that stands before a Job's pods; undefined: there is none. */
export async function findServiceAddress(cluster: Cluster, name: string): Promise<string | undefined> {
  try {
    return serviceSchema.parse(await cluster.get(cluster.path("v1", "services", name))).spec.clusterIP;
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

export async function findJob(
  cluster: Cluster,
  name: string,
): Promise<(Job & { suspended: boolean; attended: boolean }) | undefined> {
  try {
    const found = await cluster.get(jobPath(cluster, name));
    const { spec } = found as V1Job;
    const { initContainers = [] } = spec?.template.spec ?? {};
    const attended = initContainers.some((one) => one.name === containerNames.attend);
    return { ...parseJob(found), suspended: spec?.suspend === true, attended };
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** The pods that a Job made. */
export async function findPods(cluster: Cluster, job: string): Promise<Pod[]> {
  const found = await cluster.list(cluster.path("v1", "pods"), `${jobNameLabel}=${job}`);
  return (listSchema.parse(found).items ?? []).map(parsePod);
}

/** Foreground: pods go before it, so when it is gone nothing of the attempt runs any more. False: there was none. */
export async function deleteJob(
  cluster: Cluster,
  name: string,
  propagation: "Foreground" | "Background",
): Promise<boolean> {
  return cluster.delete(jobPath(cluster, name), propagation);
}

function jobPath(cluster: Cluster, name: string): string {
  return cluster.path("batch/v1", "jobs", name);
}

/** The name is of this attempt alone: when it is there, an answer was lost on the way here. */
async function createJob(cluster: Cluster, job: V1Job, name: string): Promise<Job> {
  const asleep = { ...job, spec: { ...job.spec, suspend: true } };
  try {
    return parseJob(await cluster.create(cluster.path("batch/v1", "jobs"), asleep));
  } catch (error) {
    if (isStatus(error, 409)) return parseJob(await cluster.get(jobPath(cluster, name)));
    throw error;
  }
}

/** Its address is the cluster's to choose: where the answer was lost it is read. */
async function createService(
  cluster: Cluster,
  service: V1Service,
  name: string,
): Promise<string | undefined> {
  try {
    const made = await cluster.create(cluster.path("v1", "services"), service);
    return serviceSchema.parse(made).spec.clusterIP;
  } catch (error) {
    if (isStatus(error, 409)) return findServiceAddress(cluster, name);
    throw error;
  }
}

async function create(cluster: Cluster, path: string, body: unknown): Promise<unknown> {
  return cluster.create(path, body).catch((error: unknown) => {
    if (!isStatus(error, 409)) throw error;
  });
}

const mostTries = 8;

/** Does it again, ever later, while what is wrong may pass: about a minute. */
export async function patiently<Result>(
  { signal, troubled }: Trying,
  act: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (!isPassing(error) || tries >= mostTries) throw error;
      if (tries === 1) troubled?.(error);
      await pause(250 * 2 ** tries, undefined, { signal });
    }
  }
}
