import { at, type Instances } from "./instances.ts";
import { servicesBefore } from "./services-before.ts";

/** The services that an instance comes after, near or far: what it does may hang on what they answer. */
export function servicesOf(instances: Instances, instance: number): readonly number[] {
  const { template } = instances.state(instance);
  const tasks = servicesBefore(instances.plan)[template] ?? [];
  return tasks.flatMap((task) => {
    const upstream = instances.upstream(instance, at(instances.plan.tasks, task).id);
    return upstream.kind === "one" ? [upstream.instance] : upstream.instances;
  });
}

/** The base addresses of all services that are up, by the names of their nodes: of two of a name the nearest. */
export function addressesFor(instances: Instances, instance: number): Record<string, string> {
  const { id } = instances.state(instance);
  const addresses: Record<string, string> = {};
  const nearness = new Map<string, number>();
  for (const service of instances.services) {
    const { id: serviceId, service: known } = instances.state(service);
    if (known === null || known.url === null || service === instance) continue;
    const { name } = instances.task(service);
    const near = sharedDepth(serviceId, id);
    if (near <= (nearness.get(name) ?? -1)) continue;
    nearness.set(name, near);
    addresses[name] = known.url;
  }
  return addresses;
}

/** How many boxes stand around both, or 0 when the service's own box does not stand around the task. */
function sharedDepth(service: string, task: string): number {
  const boxes = service.split("/").slice(0, -1);
  const around = task.split("/");
  return boxes.every((box, depth) => around[depth] === box) ? boxes.length + 1 : 0;
}
