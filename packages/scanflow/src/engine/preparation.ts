import { readFile } from "node:fs/promises";
import { basename, extname, join, resolve, sep } from "node:path";
import type { DataInput, JsonObject, JsonValue, RunCreated, RunData, WorkTask } from "@scanflow/core";
import { errorCode, formatDataName, ScanflowError } from "@scanflow/core";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import { ownVersion } from "../own-version.ts";
import { packageFiles } from "../package-files.ts";
import { requirementsText } from "../requirements/index.ts";
import { codeFiles, type KnownVersions, pythonVersion } from "../runners/index.ts";
import { cacheKey, type KeyParts, keyParts } from "./cache-key.ts";
import { collect } from "./collect.ts";
import type { FileDigests } from "./file-digests.ts";
import type { Holds } from "./holds.ts";
import { isFunction } from "./is-function.ts";
import type { Content } from "./scheduler/output.ts";
import type { AttemptInputs } from "./scheduler/scheduler.ts";

/** All that an attempt is started with, and the key it is known by. */
export interface Prepared {
  readonly params: JsonObject;
  readonly item: JsonValue | undefined;
  /** Digest per input. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Per input, the name of the file it comes from. */
  readonly inputFiles: Readonly<Record<string, string>>;
  /** Keys of the services before it, by their ids. */
  readonly services: Readonly<Record<string, string>>;
  /** Digests of the code, and what the environment's files hold. */
  readonly code: Readonly<Record<string, string>>;
  readonly environment: string;
  readonly key: string;
  readonly parts: KeyParts;
}

export interface PreparationOptions {
  readonly root: string;
  readonly artifacts: ArtifactStore;
  readonly digests: FileDigests;
}

/** Where inputs come from besides the folder, and who keeps them. */
export interface InputSources {
  /** Digests that stand for files of the folder, by path. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Versions of data, by the name that the plan gives them. */
  readonly data: NonNullable<RunCreated["data"]>;
  readonly holds: Holds;
}

/** Brings a task's inputs into the store and works out its key. */
export class Preparation {
  readonly #options: PreparationOptions;
  /** Reads of the user's files: tasks that open at the same moment share them. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #pythons: KnownVersions = new Map();

  constructor(options: PreparationOptions) {
    this.#options = options;
  }

  async prepare(task: WorkTask, given: AttemptInputs, sources: InputSources): Promise<Prepared> {
    const inputs: Record<string, string> = {};
    const inputFiles: Record<string, string> = {};
    for (const [name, content] of Object.entries(given.inputs)) {
      inputs[name] = await this.#digest(content, name, sources);
      if (content.kind === "data") inputFiles[name] = versionOf(content, sources).fileName;
      else if (content.kind !== "collected") inputFiles[name] = basename(content.path);
    }
    const code = await this.#code(task);
    const environment = await this.#environment(task);
    const { params, item, services } = given;
    return keyed(task, { params, item, services, inputs, inputFiles, code, environment });
  }

  /** The same work with its code and environment as they are now. */
  async again(task: WorkTask, known: Prepared): Promise<Prepared> {
    const code = await this.#code(task);
    const environment = await this.#environment(task);
    if (environment === known.environment && equalDigests(code, known.code)) return known;
    return keyed(task, { ...known, code, environment });
  }

  async #digest(content: Content, name: string, sources: InputSources): Promise<string> {
    if (content.kind === "artifact") return content.digest;
    if (content.kind === "data") return this.#version(versionOf(content, sources), name, sources.holds);
    if (content.kind === "file") {
      const { [content.path]: fixed } = sources.fixed;
      const digest = fixed ?? (await this.#ingest(content.path, name, sources.holds));
      sources.holds.hold(digest);
      return digest;
    }
    const entries = new Map<string, string>();
    for (const [key, entry] of Object.entries(content.entries))
      entries.set(key, await this.#digest(entry, name, sources));
    const digest = await collect(this.#options.artifacts, entries);
    sources.holds.hold(digest);
    return digest;
  }

  /** A version of data was in the store when the run was made; it may be taken up much later. */
  async #version({ dataset, version, digest }: RunData, name: string, holds: Holds): Promise<string> {
    holds.hold(digest);
    if (await this.#options.artifacts.has(digest)) return digest;
    throw new ScanflowError(
      "SCANFLOW_DATA_MISSING",
      `Input "${name}": the content of ${dataset}@${version} is not here (${digest}). Fetch it with "scanflow data pull ${dataset}@${version}", then run again.`,
    );
  }

  /** Takes a file or folder of the user's into the store as it is now. */
  #ingest(path: string, name: string, holds: Holds): Promise<string> {
    return this.#shared(`input ${path}`, async () => {
      const { root, artifacts, digests } = this.#options;
      refuseState(root, path, name);
      try {
        const known = await digests.fileDigest(join(root, path));
        if (known !== null) {
          holds.hold(known);
          if (await artifacts.has(known)) return known;
        }
        return (await artifacts.publish(join(root, path))).digest;
      } catch (cause) {
        if (!isMissing(cause)) throw cause;
        throw new ScanflowError(
          "SCANFLOW_INPUT_MISSING",
          `Input "${name}": there is no file or folder "${path}" beside the config. Put it there, or correct the path.`,
          { cause },
        );
      }
    });
  }

  #code(task: WorkTask): Promise<Record<string, string>> {
    const spec = { root: this.#options.root, command: task.run, code: task.code };
    return this.#shared(`code ${JSON.stringify([task.run, task.code])}`, async () => {
      const files: Record<string, string> = {};
      for (const path of await codeFiles(spec)) {
        files[path] = await this.#options.digests.digest(join(this.#options.root, path));
      }
      return files;
    });
  }

  #environment(task: WorkTask): Promise<string> {
    return this.#shared(
      `environment ${JSON.stringify([task.environment, task.run.kind, task.env.PATH])}`,
      async () => {
        const text = await this.#environmentText(task);
        const node =
          isFunction(task.run) || task.environment.kind === "node"
            ? `node${process.versions.node.split(".")[0]}`
            : "";
        // What is built in changes with the version.
        const version = task.run.kind === "check" ? ` scanflow ${ownVersion}\n` : "";
        return `${node}${version}${text}`;
      },
    );
  }

  /** What the environment's files hold, and which Python it is built from. Errors: SCANFLOW_ENVIRONMENT_MISSING. */
  async #environmentText({ environment, env }: WorkTask): Promise<string> {
    const { root } = this.#options;
    if (environment.kind === "python") {
      const { python, requirements } = environment;
      const text = requirements === null ? "" : requirementsText(root, requirements);
      const place = { root, env: { ...process.env, ...env } };
      return `${await pythonVersion(python ?? "python3", place, this.#pythons)}\n${text}`;
    }
    if (environment.kind === "node") {
      const [manifest, lock] = packageFiles(environment);
      if (manifest === undefined || lock === undefined) return "";
      const locked = await readFile(join(root, lock), "utf8").catch(() => "");
      return `\n${await environmentFile(root, manifest)}\n${locked}`;
    }
    if (environment.kind !== "dockerfile") return "";
    return environmentFile(root, environment.dockerfile);
  }

  #shared<T>(name: string, make: () => Promise<T>): Promise<T> {
    const underWay = this.#underWay.get(name);
    if (underWay) return underWay as Promise<T>;
    const value = make().finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, value);
    return value;
  }
}

async function environmentFile(root: string, path: string): Promise<string> {
  try {
    return await readFile(join(root, path), "utf8");
  } catch (cause) {
    throw new ScanflowError(
      "SCANFLOW_ENVIRONMENT_MISSING",
      `The environment's file "${path}" cannot be read. Put it beside the config, or correct the path.`,
      { cause },
    );
  }
}

/** Reading the state folder would, among other things, drop the owner's lock on it. */
function refuseState(root: string, path: string, name: string): void {
  const state = join(root, ".scanflow");
  const wanted = resolve(root, path);
  if (!`${wanted}${sep}`.startsWith(`${state}${sep}`) && !`${state}${sep}`.startsWith(`${wanted}${sep}`))
    return;
  throw new ScanflowError(
    "SCANFLOW_INPUT_STATE",
    `Input "${name}": "${path}" holds or lies in .scanflow, where Scanflow keeps its own state. Put the data into a folder of their own and name that.`,
  );
}

function versionOf(content: DataInput, { data }: InputSources): RunData {
  const name = formatDataName(content);
  const { [name]: version } = data;
  if (version === undefined) throw new Error(`the run was made without a version of ${name}`);
  return version;
}

function keyed(task: WorkTask, given: Omit<Prepared, "key" | "parts">): Prepared {
  const { code, environment, params, item, inputs, services } = given;
  const extensions = Object.fromEntries(
    Object.entries(given.inputFiles).map(([input, file]) => [input, extname(file)]),
  );
  const parts = keyParts({ task, code, environment, params, item, inputs, services, extensions });
  return { ...given, key: cacheKey(parts), parts };
}

function equalDigests(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const paths = Object.keys(a);
  return paths.length === Object.keys(b).length && paths.every((path) => a[path] === b[path]);
}

function isMissing(error: unknown): boolean {
  return errorCode(error)?.includes("MISSING") || isMissingFile(error);
}

/** Whether the system says that a file is not there. */
export function isMissingFile(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";
}
