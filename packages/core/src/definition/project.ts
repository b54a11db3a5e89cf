import type { ParamDefinition } from "./definition.ts";
import type { NodeDocument } from "./document/document.ts";
import type { Problem } from "./problem.ts";

/** What the MLproject file of a folder offers: each entry point is a command with parameters. */
export interface Project {
  readonly entries: Readonly<Record<string, ProjectEntry>>;
  /** Where its commands run; undefined: nothing is said. */
  readonly environment: NodeDocument<"executor">["environment"];
  /** Variables for its commands. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of the owner's variables that its commands are given. */
  readonly secrets: readonly string[];
}

/** An entry point, known to be sound: its command names parameters that it has. */
export interface ProjectEntry {
  /** A line for the shell, in pieces: text as it is, and parameters. */
  readonly command: readonly (string | { readonly param: string })[];
  readonly params: Readonly<Record<string, ProjectParam>>;
}

/** A parameter of an entry point, as one of a workflow is. */
export interface ProjectParam extends ParamDefinition {
  /** Whether it stands for a file or folder; a default is then relative to the project's folder. */
  readonly path: boolean;
}

/**
 * Looks up the project in a folder, given by its path from the config's folder: the project, everything that is wrong
 * with its files, or undefined where there is none. It is asked by every node that names a project, and gives the same
 * answer each time.
 */
export type ProjectReader = (
  folder: string,
) => Project | { readonly problems: readonly Problem[] } | undefined;
