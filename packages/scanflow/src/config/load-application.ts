import { dirname, resolve } from "node:path";
import { BUILT_INS } from "@scanflow/checks/checker";
import { definitionError, parseApplication } from "@scanflow/core";
import { isYaml } from "./config-names.ts";
import { importConfig } from "./import-config.ts";
import type { LoadedApplication } from "./loaded-application.ts";
import { isMlproject } from "./mlproject/find-mlproject.ts";
import { loadMlproject } from "./mlproject/load-mlproject.ts";
import { ProjectFiles } from "./mlproject/project-files.ts";
import { readYaml } from "./read-yaml.ts";

export interface LoadOptions {
  /** Reads a TypeScript or JavaScript config again that changed since this process first read it. */
  readonly fresh?: boolean;
}

/**
 * The application of a config file (see `findConfig`): YAML, a module whose default export is what the builder
 * `application` makes, or an MLproject file.
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
  const root = dirname(file);
  if (isMlproject(file)) return loadMlproject(file);
  const { document, locate } = isYaml(file) ? await readYaml(file) : await importConfig(file, { fresh });
  const projects = new ProjectFiles(root);
  const parsed = parseApplication(document, {
    file,
    locate,
    projects: projects.read,
    checks: Object.keys(BUILT_INS),
  });
  if (!parsed.ok) throw definitionError(parsed.problems);
  const { application, warnings } = parsed;
  return {
    application,
    file,
    root,
    warnings: [...warnings, ...projects.warnings],
    written: { document, locate },
  };
}
