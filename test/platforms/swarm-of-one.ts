import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DockerEnvironment } from "./docker.ts";

const run = promisify(execFile);

/** By which containers of a swarm reach their node. Docker makes it when it enters a swarm, unless it is there. */
const bridge = "docker_gwbridge";

/**
 * Makes the daemon that tests share a swarm of one node: enough where it does not matter on which node a task is, and
 * all images are there. Answers the variables by which `scanflow` uses it. @see leaveSwarm
 */
export async function needSwarm(docker: DockerEnvironment): Promise<DockerEnvironment> {
  if (!(await isManager(docker))) await makeSwarm(docker);
  return docker;
}

/** Takes the daemon out of the swarm that `needSwarm` made of it. */
export async function leaveSwarm(docker: DockerEnvironment): Promise<void> {
  await command(docker, "swarm", "leave", "--force");
  await command(docker, "network", "rm", bridge);
}

/** Whether the daemon manages a swarm. */
export async function isManager(docker: DockerEnvironment): Promise<boolean> {
  return (await command(docker, "info", "--format", "{{.Swarm.ControlAvailable}}")) === "true";
}

/** Files of tests that need it run beside each other: only one of them makes it. */
async function makeSwarm(docker: DockerEnvironment): Promise<void> {
  // Bridge, address and port of its own: the machine may have other daemons, and tests of other processes theirs.
  const { pid } = process;
  const address = `127.${(pid >> 16) & 255}.${(pid >> 8) & 255}.${pid & 255}`;
  const options = Object.entries({
    "bridge.name": `scanflow-${pid % 1_000_000}`,
    "bridge.enable_icc": "false",
    "bridge.enable_ip_masquerade": "true",
    "driver.mtu": "1400",
  }).flatMap(([name, value]) => ["--opt", `com.docker.network.${name}=${value}`]);
  const there = (error: Error) => {
    if (!/already (exists|part of a swarm)/.test(error.message)) throw error;
  };
  await command(docker, "network", "create", ...options, bridge).catch(there);
  const where = ["--advertise-addr", address, "--listen-addr", `${address}:2377`];
  const port = ["--data-path-port", String(10_000 + (pid % 20_000))];
  await command(docker, "swarm", "init", ...where, ...port).catch(there);
}

async function command(docker: DockerEnvironment, ...words: readonly string[]): Promise<string> {
  const { stdout } = await run("docker", words, { env: { ...process.env, ...docker } });
  return stdout.trim();
}
