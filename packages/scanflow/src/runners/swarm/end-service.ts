import { setTimeout as pause } from "node:timers/promises";
import { type Docker, listTasks, removeService, type SwarmTask } from "../../docker/index.ts";

const everyMs = 200;
const ended = new Set(["complete", "failed", "rejected", "shutdown", "orphaned"]);

/**
 * Removes a service and waits until its containers have ended, so that they have no late effect. A node that does not
 * answer keeps its own in the records: past `mostMs` what they still do is refused by the gateway.
 */
export async function endService(docker: Docker, id: string, mostMs: number): Promise<void> {
  const tasks = await listTasks(docker, { service: [id] });
  await removeService(docker, id);
  const until = Date.now() + mostMs;
  let left = tasks.filter(isUp);
  while (left.length > 0 && Date.now() < until) {
    await pause(everyMs);
    left = (await listTasks(docker, { id: left.map(({ ID }) => ID) })).filter(isUp);
  }
}

function isUp({ NodeID, Status }: SwarmTask): boolean {
  return NodeID !== undefined && NodeID !== "" && !ended.has(Status.State);
}
