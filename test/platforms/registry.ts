import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface Registry {
  /** `host:port` */
  readonly place: string;
  stop(): Promise<void>;
}

/** A registry of images on an address of this machine, over plain HTTP. It ends with this process at the latest. */
export async function startRegistry(host: string, port: number): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-registry-"));
  const file = join(folder, "config.yml");
  const config = {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(folder, "images") } },
    http: { addr: `${host}:${port}` },
  };
  await writeFile(file, JSON.stringify(config));
  const words = ["--pdeathsig", "TERM", "docker-registry", "serve", file];
  const registry = spawn("setpriv", words, { stdio: ["ignore", "ignore", "ignore"] });
  const ended = once(registry, "exit");
  const place = `${host}:${port}`;
  const answers = () =>
    fetch(`http://${place}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (registry.exitCode !== null) throw new Error(`docker-registry did not start at ${place}`);
    await pause(50);
  }
  return {
    place,
    async stop() {
      registry.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
