import { statSync } from "node:fs";
import { moduleFiles } from "./module-files.ts";

/** The files that a module consists of, each with a stamp that changes when it does. */
export type CodeState = ReadonlyMap<string, string>;

/** Knows what modules consist of, and looks anew only when one of the files has changed. */
export class ModuleCode {
  readonly #known = new Map<string, CodeState>();

  /** `module` is an absolute path, and so are the files. */
  stateOf(module: string): CodeState {
    const known = this.#known.get(module);
    if (known && [...known].every(([file, stamp]) => stampOf(file) === stamp)) return known;
    const state = new Map(moduleFiles(module).map((file) => [file, stampOf(file)]));
    this.#known.set(module, state);
    return state;
  }
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.ino}:${found.size}:${found.mtimeMs}:${found.ctimeMs}` : "missing";
}
