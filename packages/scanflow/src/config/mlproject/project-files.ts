import { resolve } from "node:path";
import type { Problem, ProjectReader } from "@scanflow/core";
import { readProject } from "./read-project.ts";

/** The projects that a config names, each read once. */
export class ProjectFiles {
  readonly #root: string;
  readonly #known = new Map<string, ReturnType<ProjectReader>>();
  readonly warnings: Problem[] = [];

  /** `root` is the config's folder (absolute). */
  constructor(root: string) {
    this.#root = root;
  }

  /** Throws `SCANFLOW_CONFIG_SYNTAX`. */
  readonly read: ProjectReader = (path) => {
    const folder = resolve(this.#root, path);
    if (!this.#known.has(folder)) this.#known.set(folder, this.#read(folder));
    return this.#known.get(folder);
  };

  #read(folder: string): ReturnType<ProjectReader> {
    const read = readProject(folder, this.#root);
    this.warnings.push(...(read?.warnings ?? []));
    return read?.found;
  }
}
