import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { needBaseImages } from "./base-images.ts";
import { isInstalled } from "./installed.ts";

const run = promisify(execFile);

/** How a program reaches a Docker daemon: variables for its environment. */
export interface DockerEnvironment {
  readonly DOCKER_HOST: string;
  /** A folder of settings of the tests' own, so that nobody's logins are read or written. */
  readonly DOCKER_CONFIG: string;
}

export interface DockerPlatform {
  readonly environment: DockerEnvironment;
  /** Ends what was started for the tests. */
  stop(): Promise<void>;
}

/** Where Docker listens unless it is told otherwise. */
const defaultSocket = "/var/run/docker.sock";

/** The daemon that is there already. */
function givenHost(): string | undefined {
  return process.env.DOCKER_HOST || (existsSync(defaultSocket) ? `unix://${defaultSocket}` : undefined);
}

/**
 * Whether tests can have a Docker daemon here: the one that is there, or one of their own, for which they must be root.
 * CI does not accept that they cannot.
 */
export function hasDocker(): boolean {
  if (givenHost() !== undefined) return true;
  const missing = ["docker", "dockerd", "mmdebstrap"].filter((program) => !isInstalled(program));
  if (process.getuid?.() !== 0) missing.push("the rights of root");
  if (missing.length === 0) return true;
  if (process.env.CI === "true") throw new Error(`Docker cannot be started: ${missing.join(", ")} missing`);
  return false;
}

/** The daemon that is there, or a fresh one; both with the base images of `test/platforms/base-images`. */
export async function startDocker(): Promise<DockerPlatform> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-docker-"));
  const given = givenHost();
  const daemon = given === undefined ? await startDaemon(folder) : undefined;
  const environment = {
    DOCKER_HOST: daemon?.host ?? String(given),
    DOCKER_CONFIG: process.env.DOCKER_CONFIG ?? join(folder, "config"),
  };
  const stop = async () => {
    await daemon?.stop();
    await removeMounted(folder);
  };
  try {
    await needBaseImages({ ...process.env, ...environment });
    return { environment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface Daemon {
  readonly host: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

export interface DaemonOptions {
  /** More options of dockerd. */
  readonly options?: readonly string[];
  /** Words of a program that becomes the one it is given, such as nsenter: where the daemon lives. */
  readonly inside?: readonly string[];
}

/** A daemon whose files all lie in a folder. It ends with this process at the latest. */
export async function startDaemon(
  folder: string,
  { options = [], inside = [] }: DaemonOptions = {},
): Promise<Daemon> {
  const host = `unix://${join(folder, "docker.sock")}`;
  const places = Object.entries({
    host,
    "data-root": join(folder, "data"),
    "exec-root": join(folder, "run"),
    pidfile: join(folder, "pid"),
    mtu: "1400",
    // Of the usual ranges smaller parts: thirty networks are few for tests that run beside each other.
    "default-address-pool": "base=172.16.0.0/12,size=24",
  }).flatMap(([name, value]) => [`--${name}`, value]);
  const words = ["--pdeathsig", "TERM", ...inside, "dockerd", ...places, ...options];
  const daemon = spawn("setpriv", words, { stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  daemon.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said.push(text);
    if (said.length > 200) said.shift();
  });
  const ended = once(daemon, "exit");
  const stop = async () => {
    if (daemon.exitCode === null && daemon.signalCode === null) {
      daemon.kill("SIGTERM");
      await ended;
    }
    await removeMounted(folder);
  };
  for (;;) {
    const answered = await run("docker", ["version"], { env: { ...process.env, DOCKER_HOST: host } }).then(
      () => true,
      () => false,
    );
    if (answered) return { host, process: daemon, stop };
    if (daemon.exitCode !== null || daemon.signalCode !== null) {
      throw new Error(`dockerd did not start:\n${said.join("")}`);
    }
    await pause(100);
  }
}

/**
 * Removes a daemon's folder with what it left mounted there, such as the network of containers that share the machine's.
 * What cannot be removed stays: a teardown that throws keeps those behind it from ending what they started.
 */
async function removeMounted(folder: string): Promise<void> {
  const mounts = await readFile("/proc/mounts", "utf8").catch(() => "");
  const places = mounts.split("\n").flatMap((line) => line.split(" ")[1] ?? []);
  for (const place of places.filter((path) => path.startsWith(`${folder}/`)).toReversed()) {
    await run("umount", ["--lazy", place]).catch(() => undefined);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch((error: unknown) => {
    process.stderr.write(`${folder} stays: ${error instanceof Error ? error.message : error}\n`);
  });
}
