import { createHash } from "node:crypto";
import type { Scheduler } from "../../engine/index.ts";
import type { Job } from "./facets.ts";

/** RFC 4122's name-based UUIDs (version 5) need a UUID that stands for the space of the names: ours, drawn once. */
const SPACE = Buffer.from("5f3a0c1e9b7d4e62a8c41d20f6b93e57", "hex");

/** The run id of a workflow's, nested workflow's or attempt's run: the same at every delivery. */
export function runUuid(...parts: readonly (string | number)[]): string {
  const bytes = createHash("sha1").update(SPACE).update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A job is a workflow, or a task or nested workflow of it, whichever item of a map it runs for: `digits.train/mlp`. */
export function jobOf(namespace: string, { plan }: Scheduler, task: string): Job {
  return { namespace, name: task === "" ? plan.workflow : `${plan.workflow}.${templateOf(task)}` };
}

/** `fit[2]` is an instance of `fit[*]`. */
export function templateOf(instance: string): string {
  return instance.replaceAll(/\[\d+\]/g, "[*]");
}

/** The nested workflow that an instance runs in, as the instance that opened it; "": the workflow itself. */
export function boxOf(scheduler: Scheduler, instance: string): string {
  const boxes = new Set(scheduler.plan.groups.map(({ id }) => id));
  let inner = instance;
  for (;;) {
    const { guards, maps } = scheduler.planTask(inner);
    const opener = guards.find(({ kind }) => kind === "entry");
    const outer = opener?.kind === "entry" ? opener.task : maps.at(-1);
    const [found] = outer === undefined ? [] : scheduler.seenFrom(inner, outer);
    if (outer === undefined || found === undefined) return "";
    if (boxes.has(outer)) return found;
    inner = found;
  }
}
