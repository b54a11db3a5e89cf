import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { isInstalled } from "../installed.ts";
import { hasShared, shared } from "../shared.ts";

const replay = shared("kubernetes/replay.mjs");

/** Whether kubectl and the recorded answers of an API server are here; CI passes nothing over. */
export const hasKubectl =
  hasShared("kubernetes/replay.mjs") && (isInstalled("kubectl") || process.env.CI === "true");

export interface DryRun {
  /** Answers what kubectl says of the manifests in a file of YAML or JSON documents; throws what it says against them. */
  check(manifests: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * kubectl's own strict judgement, by the recorded answers of a Kubernetes 1.20: fields and kinds that came later are
 * unknown to it.
 */
export async function startDryRun(): Promise<DryRun> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-kubectl-"));
  const server: ChildProcess = spawn(process.execPath, [replay, "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  if (!server.stdout) throw new Error("the replay has no output");
  const [url] = (await once(createInterface(server.stdout), "line")) as [string];
  let count = 0;
  return {
    async check(manifests) {
      const file = join(folder, `${count++}.yaml`);
      await writeFile(file, manifests);
      const words = ["create", "--dry-run=client", "--validate=strict", "-f", file];
      const { stdout } = await promisify(execFile)("kubectl", ["--server", url, ...words], {
        env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, "none") },
      });
      return stdout;
    },
    async close() {
      server.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
