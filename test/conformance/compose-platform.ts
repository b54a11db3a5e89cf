import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inject } from "vitest";
import { BASE_IMAGES } from "../platforms/base-images.ts";
import type { Case, Ended } from "./case.ts";
import { endIn } from "./owner-platform.ts";
import type { Host } from "./platform.ts";
import { secrets } from "./secrets.ts";
import { answersOf, batchesOf, partOf, TOGETHER, togetherOf } from "./together.ts";

const execute = promisify(execFile);
const bin = fileURLToPath(new URL("../../packages/scanflow/bin/scanflow.js", import.meta.url));
const files = fileURLToPath(new URL("files", import.meta.url));

/**
 * Of a project: a Docker daemon has some thirty unless it was given more addresses, and others have theirs. One project
 * of all cases (36 networks, 75 containers) was not brought up to its end by Compose 2.26 with Docker 20.10.
 */
const mostNetworks = 12;

/**
 * `docker compose up` of what `scanflow export compose` wrote. A project has an engine and a tracker of its own, which
 * take seconds to come up, so many cases are nested in one workflow and go up as one project: its containers, their order
 * and the engine's decisions are those of each case, and one task tells how each ended.
 */
export async function openComposeHost(cases: readonly Case[]): Promise<Host> {
  const ends = new Map<string, Promise<Ended>>();
  const built = buildImages(cases);
  let projects: Promise<unknown> = built;
  for (const [at, batch] of batchesOf(cases, mostNetworks).entries()) {
    const written = ComposeProject.write(batch, `conformance-${process.pid}-${at}`);
    written.catch(() => undefined);
    const ended = projects.then(async () => {
      const project = await written;
      try {
        return await project.run();
      } finally {
        await project.remove();
      }
    });
    projects = ended.catch(() => undefined);
    for (const { name } of batch) ends.set(name, ended);
  }
  await built;
  return {
    async run(one) {
      const ended = await ends.get(one.name);
      if (!ended) throw new Error(`${one.name} is in no project`);
      return partOf(ended, one);
    },
    async close() {
      await projects;
    },
  };
}

/** The images of all of them, in one go. */
async function buildImages(cases: readonly Case[]): Promise<void> {
  const folder = await folderOf(cases);
  await scanflow(folder, "build", TOGETHER, "--shim");
  await rm(folder, { recursive: true, force: true });
}

async function folderOf(cases: readonly Case[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-compose-"));
  await cp(files, folder, { recursive: true });
  // Containers run as another user than root.
  await chmod(folder, 0o755);
  await writeFile(join(folder, "scanflow.yaml"), JSON.stringify(togetherOf(cases)));
  return folder;
}

async function scanflow(folder: string, ...args: readonly string[]): Promise<void> {
  const env = { ...process.env, ...inject("docker"), SCANFLOW_BASE_PYTHON: BASE_IMAGES.python };
  await execute(process.execPath, [bin, ...args], { cwd: folder, env });
}

class ComposeProject {
  readonly #folder: string;
  readonly #cases: readonly Case[];
  readonly #words: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  /** Ends when its last container has. */
  #up: Promise<unknown> | undefined;

  private constructor(folder: string, cases: readonly Case[], name: string) {
    this.#folder = folder;
    this.#cases = cases;
    const file = join(folder, "deploy/compose/compose.yaml");
    this.#words = ["compose", "--file", file, "--project-name", name];
    // The tracker's port on this machine: any that is free.
    this.#env = { ...process.env, ...inject("docker"), ...secrets, SCANFLOW_TRACKER_PORT: "0" };
  }

  static async write(cases: readonly Case[], name: string): Promise<ComposeProject> {
    const folder = await folderOf(cases);
    await scanflow(folder, "export", "compose", TOGETHER);
    return new ComposeProject(folder, cases, name);
  }

  /** Brings it up, answers what it asks, and reads the state of its engine once that has ended. */
  async run(): Promise<Ended> {
    const answers = answersOf(this.#cases);
    const up = spawn("docker", [...this.#words, "up", "--no-color", "--quiet-pull"], { env: this.#env });
    this.#up = once(up, "close");
    const said: string[] = [];
    up.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
    let exit: string | undefined;
    const asked: Promise<unknown>[] = [];
    for await (const line of createInterface({ input: up.stdout })) {
      said.push(`${line}\n`);
      const task = /\| +(\S+) +waits for approval:/.exec(line)?.[1];
      if (task !== undefined) asked.push(this.#answer(task, answers[task] ?? false));
      exit = /^scanflow-1 exited with code (\d+)/.exec(line)?.[1];
      if (exit !== undefined) break;
    }
    up.stdout.resume();
    await Promise.all(asked);
    if (exit === undefined) throw new Error(`the engine did not end:\n${said.join("")}`);
    await this.#compose("cp", "scanflow:/state", join(this.#folder, ".scanflow"));
    const end = await endIn(this.#folder);
    if (exit !== (end.run === "succeeded" ? "0" : "1")) {
      throw new Error(`the run ${end.run} and its engine ended with ${exit}:\n${said.join("")}`);
    }
    return end;
  }

  async remove(): Promise<void> {
    await this.#compose("down", "--volumes", "--timeout", "0");
    await this.#up;
    await rm(this.#folder, { recursive: true, force: true });
  }

  #compose(...words: readonly string[]): Promise<unknown> {
    return execute("docker", [...this.#words, ...words], { env: this.#env });
  }

  /** What says so follows the run to its end, and ends as that does. */
  async #answer(task: string, yes: boolean): Promise<void> {
    const words = ["scanflow", "-C", "/app", "approve", "latest", task, ...(yes ? [] : ["--reject"])];
    await this.#compose("exec", "-T", "scanflow", ...words).catch(() => undefined);
  }
}
