import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ExampleCopy } from "../examples-application.test.support.ts";
import { MlflowRest } from "../examples-application.test.support.ts";
import type { DockerEnvironment } from "../platforms/docker.ts";
import { freePort } from "../platforms/free-port.ts";
import type { Shown } from "./what-came.ts";

const run = promisify(execFile);

/** The main workflow of an example as a Compose project: exported, brought up and looked into as a person would. */
export class ComposeProject {
  /** The tracker of workflows that have none of their own. */
  readonly tracker: MlflowRest;
  readonly #name: string;
  readonly #file: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(copy: ExampleCopy, { docker, port }: { docker: DockerEnvironment; port: number }) {
    this.tracker = new MlflowRest(`http://127.0.0.1:${port}`);
    this.#name = `${copy.example}-${process.pid}`;
    this.#file = join(copy.folder, "deploy/compose/compose.yaml");
    this.#env = { ...process.env, ...docker, SCANFLOW_TRACKER_PORT: String(port) };
  }

  static async export(copy: ExampleCopy, docker: DockerEnvironment): Promise<ComposeProject> {
    await copy.document("export", "compose");
    return new ComposeProject(copy, { docker, port: await freePort() });
  }

  /** Runs it to its end: how the engine ended, by its code, and what it said. */
  async up(): Promise<{ readonly code: string; readonly log: string }> {
    await this.#compose("up", "--detach", "--quiet-pull").catch(async (error: Error) => {
      throw new Error(`${error.message}\n${await this.#compose("logs", "scanflow")}`);
    });
    // Compose says the code with words or without, by its version.
    const code = (await this.#compose("wait", "scanflow")).trim().split(" ").at(-1) ?? "";
    return { code, log: await this.#compose("logs", "--no-log-prefix", "scanflow") };
  }

  async show(): Promise<Shown> {
    const asked = ["run", "--rm", "--no-deps", "--entrypoint", "scanflow", "scanflow"];
    return JSON.parse(await this.#compose(...asked, "-C", "/app", "show", "--json"));
  }

  /** The services whose containers have ended otherwise than with 0. */
  async failed(): Promise<string[]> {
    const lines = (await this.#compose("ps", "--all", "--format", "json")).trim().split("\n");
    const ended: { Service: string; ExitCode: number }[] = lines.map((line) => JSON.parse(line));
    return ended.filter(({ ExitCode }) => ExitCode !== 0).map(({ Service }) => Service);
  }

  async down(): Promise<void> {
    await this.#compose("down", "--volumes", "--timeout", "1");
  }

  /** Ids and names of all that Docker has of it. */
  async left(): Promise<string[]> {
    const filter = ["--filter", `label=com.docker.compose.project=${this.#name}`, "--quiet"];
    const lists = await Promise.all(
      [
        ["ps", "--all"],
        ["network", "ls"],
        ["volume", "ls"],
      ].map((words) => this.#docker(...words, ...filter)),
    );
    return lists.flatMap((text) => text.split("\n")).filter((line) => line !== "");
  }

  #compose(...words: readonly string[]): Promise<string> {
    return this.#docker("compose", "-f", this.#file, "--project-name", this.#name, ...words);
  }

  async #docker(...words: readonly string[]): Promise<string> {
    return (await run("docker", words, { env: this.#env, maxBuffer: 1 << 26 })).stdout;
  }
}
