import { dirname, resolve } from "node:path";
import {
  type Application,
  definitionError,
  type Locate,
  type Problem,
  parseApplication,
} from "@scanflow/core";
import { isYaml } from "./config-names.ts";
import { importConfig } from "./import-config.ts";
import { readYaml } from "./read-yaml.ts";

export interface LoadedApplication {
  readonly application: Application;
  /** The config (absolute). */
  readonly file: string;
  /** The config's folder (absolute): paths in the definition are relative to it. */
  readonly root: string;
  /** What is worth a hint and stops nothing. */
  readonly warnings: readonly Problem[];
  /** The document as it was read, and where its parts stand. */
  readonly written: { readonly document: unknown; readonly locate: Locate };
}

export interface LoadOptions {
  /** Reads a TypeScript or JavaScript config again that changed since this process first read it. */
  readonly fresh?: boolean;
}

/**
 * The application of a config file (see `findConfig`): YAML, or a module whose default export is what the builder
 * `application` makes.
 *
 * Throws `SCANFLOW_CONFIG_UNREADABLE`, `SCANFLOW_CONFIG_SYNTAX`, `SCANFLOW_CONFIG_EXPORT`, `SCANFLOW_CONFIG_FAILED`,
 * and `SCANFLOW_DEFINITION_INVALID` with every problem of the definition, each with the line and column where it stands,
 * in a module those of the builder call.
 */
export async function loadApplication(
  path: string,
  { fresh = false }: LoadOptions = {},
): Promise<LoadedApplication> {
  const file = resolve(path);
  const { document, locate } = isYaml(file) ? await readYaml(file) : await importConfig(file, { fresh });
  const parsed = parseApplication(document, { file, locate });
  if (!parsed.ok) throw definitionError(parsed.problems);
  const { application, warnings } = parsed;
  return { application, file, root: dirname(file), warnings, written: { document, locate } };
}
