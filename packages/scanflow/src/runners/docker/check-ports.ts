import type { Plan } from "@scanflow/core";
import { type Docker, listContainers } from "../../docker/index.ts";
import { Ports } from "../service/ports.ts";
import { filterOf, type Labels } from "./labels.ts";

/**
 * Looks whether the ports that a plan's services are published on are free. Those that a container of this owner holds
 * are: it goes on, or is removed before another starts. Errors: SCANFLOW_PORT_TAKEN.
 */
export async function checkPorts({ tasks }: Plan, docker: Docker, owner: Labels): Promise<void> {
  const services = tasks.flatMap((task) =>
    "service" in task && task.service?.port ? [{ id: task.id, port: task.service.port }] : [],
  );
  if (services.length === 0) return;
  const own = new Set(
    (await listContainers(docker, filterOf(owner))).flatMap((one) =>
      one.Ports.map(({ PublicPort }) => PublicPort),
    ),
  );
  const ports = new Ports();
  for (const { id, port } of services) if (!own.has(port)) await ports.take(port, id);
}
