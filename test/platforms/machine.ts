import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { BASE_IMAGES } from "./base-images.ts";
import type { DockerEnvironment } from "./docker.ts";

const run = promisify(execFile);

/** A network of its own with an address of its own, as another computer has: that of a container that does nothing. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  /** Words that come before a command so that it runs there, under the machine's name and with mounts of its own. */
  readonly inside: readonly string[];
  /** Takes it off the network. */
  unplug(): Promise<void>;
  stop(): Promise<void>;
}

/** It is gone with this process at the latest: the container reads what nobody writes, and ends when that ends. */
export async function startMachine(
  name: string,
  { network, docker }: { readonly network: string; readonly docker: DockerEnvironment },
): Promise<Machine> {
  const env = { ...process.env, ...docker };
  const container = `${network}-${name}`;
  const options = ["--rm", "--interactive", "--name", container, "--network", network];
  const holder = spawn(
    "docker",
    ["run", ...options, BASE_IMAGES.debian, "sh", "-c", "echo ready; exec cat"],
    {
      env,
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const ended = once(holder, "exit");
  await ready(holder);
  const format = "{{.State.Pid}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
  const { stdout } = await run("docker", ["inspect", "--format", format, container], { env });
  const [pid = "", address = ""] = stdout.trim().split(" ");
  const enter = ["nsenter", `--net=/proc/${pid}/ns/net`];
  const apart = ["unshare", "--uts", "--mount", "--propagation", "private"];
  return {
    name,
    address,
    inside: [...enter, ...apart, "sh", "-c", `hostname ${name}; exec "$@"`, "sh"],
    async unplug() {
      await run("docker", ["network", "disconnect", "--force", network, container], { env });
    },
    async stop() {
      holder.stdin?.end();
      await ended;
    },
  };
}

async function ready(holder: ChildProcess): Promise<void> {
  const began = holder.stdout ? once(holder.stdout, "data") : Promise.resolve();
  const failed = once(holder, "exit").then(([code]) => {
    throw new Error(`no container could be started to hold a network (docker run ended with ${code})`);
  });
  await Promise.race([began, failed]);
}
