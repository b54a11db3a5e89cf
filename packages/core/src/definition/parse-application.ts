import { ScanflowError } from "../errors.ts";
import type { Application } from "./definition.ts";
import { readApplication } from "./normalise/application.ts";
import { deepFreeze } from "./normalise/deep-freeze.ts";
import { plainCopy } from "./plain.ts";
import { formatProblem, type Locate, type Problem, type Report } from "./problem.ts";
import { ProblemList } from "./problem-list.ts";
import type { ProjectReader } from "./project.ts";
import { HINTS, RULES } from "./rules/rules.ts";
import type { DefinitionSite } from "./site.ts";

/** Where a document came from, so that problems can tell their place. */
export interface ParseOptions {
  /** Where the document was read from; goes into the place of every problem. */
  readonly file?: string;
  /** Finds line and column of a path in the file. */
  readonly locate?: Locate;
  /** Looks up the folders that nodes name as `{project: …}`. */
  readonly projects?: ProjectReader;
  /** Names of the checkers that are built in; without them any name is taken. */
  readonly checks?: readonly string[];
}

/** The application of a document, or everything that is wrong with it. */
export type ParsedApplication =
  | { readonly ok: true; readonly application: Application; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a document (what stands in `scanflow.yaml`, or what the builders make): checks it, fills every default in
 * and gives the application as frozen data. All problems are found together, each with its place; warnings do
 * not make it fail. Use `requireApplication` where problems should be an error.
 *
 * ```ts
 * import { parseApplication } from "@scanflow/core";
 *
 * const parsed = parseApplication({
 *   application: "hello",
 *   workflows: { hello: { nodes: { greet: { run: "echo hello" } } } },
 * });
 * if (parsed.ok) console.log(parsed.application.workflows.length);
 * else for (const problem of parsed.problems) console.log(problem.code, problem.message);
 * ```
 */
export function parseApplication(document: unknown, options: ParseOptions = {}): ParsedApplication {
  const problems = new ProblemList(options);
  const definition = problems.collect((report) => checkedDefinition(document, report, options));
  if (definition === undefined || problems.found.length > 0)
    return { ok: false, problems: problems.sorted() };
  const warnings = new ProblemList(options);
  warnings.collect((report) => {
    for (const hint of HINTS) hint(definition, report);
  });
  return { ok: true, application: deepFreeze(definition.application), warnings: warnings.sorted() };
}

function checkedDefinition(
  document: unknown,
  report: Report,
  { projects, checks }: ParseOptions,
): DefinitionSite | undefined {
  const plain = plainCopy(document, report);
  const definition = plain === undefined ? undefined : readApplication(plain, { report, projects, checks });
  if (definition) for (const rule of RULES) rule(definition, report);
  return definition;
}

/**
 * The application of a document, for callers that cannot go on without it.
 *
 * Throws `SCANFLOW_DEFINITION_INVALID`, whose message lists every problem on a line of its own.
 */
export function requireApplication(document: unknown, options: ParseOptions = {}): Application {
  const parsed = parseApplication(document, options);
  if (parsed.ok) return parsed.application;
  throw definitionError(parsed.problems);
}

const MOST_LISTED = 100;

/** The error for a definition with these problems; its place is that of the first. */
export function definitionError(problems: readonly Problem[]): ScanflowError {
  const lines = problems
    .slice(0, MOST_LISTED)
    .map((problem) => `  ${formatProblem(problem).replaceAll("\n", "\n    ")}`);
  if (problems.length > MOST_LISTED) lines.push(`  and ${problems.length - MOST_LISTED} more`);
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  const message = `The definition has ${count}:\n${lines.join("\n")}\nCorrect it and try again.`;
  const [first] = problems;
  return new ScanflowError("SCANFLOW_DEFINITION_INVALID", message, first ? { place: first.place } : {});
}
