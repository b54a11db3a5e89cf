import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Daemon, type DockerEnvironment, startDaemon } from "./docker.ts";
import { isInstalled } from "./installed.ts";
import { type Machine, startMachine } from "./machine.ts";

const run = promisify(execFile);

export interface SwarmEngine {
  readonly name: string;
  readonly address: string;
  readonly environment: DockerEnvironment;
  /** Takes images over from the daemon that the tests share. */
  receive(...images: readonly string[]): Promise<void>;
  /** Takes it off the network, as a machine is lost: what runs on it runs on, and reaches nobody. */
  unplug(): Promise<void>;
}

export interface SwarmPlatform {
  readonly manager: SwarmEngine;
  readonly worker: SwarmEngine;
  /** The address of this machine that both engines and their containers reach. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Whether tests can have a swarm here: whoever starts engines with addresses of their own must be root. */
export function hasSwarm(): boolean {
  return process.getuid?.() === 0 && ["dockerd", "nsenter", "unshare"].every(isInstalled);
}

/**
 * Two engines that form one swarm: `manager` and `worker`. Each is a daemon in the network of a container of the daemon
 * that the tests share, so that it has an address of its own, and a docker0 and rules of its own. Overlay networks
 * reach over both. Where the kernel has no IPVS, services are found with `endpoint_mode: dnsrr` only.
 */
export async function startSwarm(docker: DockerEnvironment): Promise<SwarmPlatform> {
  const env = { ...process.env, ...docker };
  const network = `scanflow-swarm-${process.pid}`;
  const folder = await mkdtemp(join(tmpdir(), "scanflow-swarm-"));
  const started: { stop(): Promise<unknown> }[] = [];
  const stop = async () => {
    for (const part of started.reverse()) await part.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const engine = async (name: string): Promise<Engine> => {
    const machine = await startMachine(name, { network, docker });
    started.push(machine);
    const made = await startEngine(machine, { folder: join(folder, name), docker });
    started.push(made.daemon);
    return made;
  };
  try {
    await run("docker", ["network", "create", "--opt", "com.docker.network.driver.mtu=1400", network], {
      env,
    });
    started.push({ stop: () => run("docker", ["network", "rm", network], { env }) });
    const { stdout } = await run(
      "docker",
      ["network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", network],
      { env },
    );
    const manager = await engine("manager");
    const worker = await engine("worker");
    await formSwarm(manager, worker);
    return { manager, worker, host: stdout.trim(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Engine = SwarmEngine & { readonly daemon: Daemon };

async function startEngine(
  machine: Machine,
  { folder, docker }: { readonly folder: string; readonly docker: DockerEnvironment },
): Promise<Engine> {
  const { name, address, inside } = machine;
  const options = ["--insecure-registry", `${address.slice(0, address.lastIndexOf("."))}.0/24`];
  const daemon = await startDaemon(folder, { options, inside });
  const environment = { DOCKER_HOST: daemon.host, DOCKER_CONFIG: docker.DOCKER_CONFIG };
  return {
    name,
    address,
    environment,
    daemon,
    async receive(...images) {
      const save = spawn("docker", ["save", ...images], {
        env: { ...process.env, ...docker },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const load = spawn("docker", ["load", "--quiet"], {
        env: { ...process.env, ...environment },
        stdio: [save.stdout, "ignore", "inherit"],
      });
      const codes = await Promise.all([once(save, "exit"), once(load, "exit")]);
      if (codes.some(([code]) => code !== 0)) throw new Error(`${name} did not receive ${images.join(", ")}`);
    },
    unplug: machine.unplug,
  };
}

async function formSwarm(manager: Engine, worker: Engine): Promise<void> {
  const at = (engine: Engine) => ["--advertise-addr", engine.address, "--listen-addr", engine.address];
  const docker = (engine: Engine, ...words: string[]) =>
    run("docker", ["swarm", ...words], { env: { ...process.env, ...engine.environment } });
  await docker(manager, "init", ...at(manager));
  const { stdout } = await docker(manager, "join-token", "--quiet", "worker");
  await docker(worker, "join", "--token", stdout.trim(), ...at(worker), `${manager.address}:2377`);
}
