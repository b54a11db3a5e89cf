import { inject } from "vitest";
import { BASE_IMAGES } from "../platforms/base-images.ts";
import { startLoneSwarm } from "../platforms/swarm.ts";
import type { Case } from "./case.ts";
import { openOwnerHost } from "./owner-platform.ts";
import type { Host } from "./platform.ts";

/**
 * An owner whose tasks are jobs of a swarm of one engine. Swarm keeps for a task what it asks for, and a task asks for a
 * core unless it says otherwise: the cases ask for less, so that more than two run beside each other.
 */
export async function openSwarmHost(cases: readonly Case[]): Promise<Host> {
  const swarm = await startLoneSwarm(inject("docker"));
  try {
    await swarm.manager.receive(BASE_IMAGES.node, BASE_IMAGES.python);
    const variables = {
      ...swarm.manager.environment,
      SCANFLOW_GATEWAY: swarm.host,
      SCANFLOW_BASE_PYTHON: BASE_IMAGES.python,
    };
    const defaults = { resources: { cpu: 0.25 } };
    const host = await openOwnerHost(cases, { on: "swarm", variables, capacity: { cpu: 2 }, defaults });
    return {
      run: host.run,
      async close() {
        await host.close();
        await swarm.stop();
      },
    };
  } catch (error) {
    await swarm.stop();
    throw error;
  }
}
