import { inject } from "vitest";
import { BASE_IMAGES } from "../platforms/base-images.ts";
import { needSwarm } from "../platforms/swarm-of-one.ts";
import type { Case } from "./case.ts";
import { openOwnerHost } from "./owner-platform.ts";
import type { Host } from "./platform.ts";

/**
 * An owner whose tasks are jobs of a swarm of one node. Swarm keeps for a task what it asks for, and a task asks for a
 * core unless it says otherwise: the cases ask for less, so that more than two run beside each other.
 */
export async function openSwarmHost(cases: readonly Case[]): Promise<Host> {
  const variables = { ...(await needSwarm(inject("docker"))), SCANFLOW_BASE_PYTHON: BASE_IMAGES.python };
  const defaults = { resources: { cpu: 0.25 } };
  return openOwnerHost(cases, { on: "swarm", variables, capacity: { cpu: 2 }, defaults });
}
