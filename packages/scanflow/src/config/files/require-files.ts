import { basename, extname } from "node:path";
import {
  type Command,
  formatProblem,
  type Place,
  type Plan,
  ScanflowError,
  type WorkTask,
} from "@scanflow/core";
import { isCheckModule } from "../../runners/check-module.ts";
import type { LoadedApplication } from "../loaded-application.ts";
import { Folder, isOnPath } from "./folder.ts";
import { filesOf, type NamedFile } from "./named-files.ts";
import { type Outlook, outlooksOf, type Tasks, workBefore } from "./outlook.ts";
import { placeOf } from "./place.ts";
import { scriptsOf } from "./script.ts";

/**
 * Looks, before anything runs, whether the files that the tasks of a plan are written with lie in the config's folder:
 * inputs, scripts, modules, notebooks, requirements and code. Silent about what may never be needed (behind a condition,
 * in a branch) and about what may be made on the way: behind other work only code is missing that looks misspelt and
 * that nothing before it names.
 *
 * Throws `SCANFLOW_FILES_MISSING` with all of them, each with its place and the name that was most likely meant.
 */
export async function requireFiles(loaded: LoadedApplication, plan: Plan): Promise<void> {
  const tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  const looking: Looking = { loaded, plan, tasks, folder: new Folder(loaded.root) };
  const outlooks = outlooksOf(tasks);
  const missing = new Map<string, Missing>();
  for (const task of plan.tasks) {
    const outlook = outlooks.get(task.id);
    if (!outlook?.sure || !("run" in task)) continue;
    for (const found of await missingOf(task, outlook, looking)) {
      const line = formatProblem(found);
      if (!missing.has(line)) missing.set(line, found);
    }
  }
  if (missing.size > 0) throw missingError([...missing].sort(byPlace), loaded.root);
}

interface Looking {
  readonly loaded: LoadedApplication;
  readonly plan: Plan;
  readonly tasks: Tasks;
  readonly folder: Folder;
}

interface Missing {
  readonly place: Place;
  readonly message: string;
  readonly suggestion?: string;
}

async function missingOf(task: WorkTask, { first }: Outlook, looking: Looking): Promise<readonly Missing[]> {
  const { loaded, plan, folder } = looking;
  const { application } = loaded;
  const found: Missing[] = [];
  for (const file of filesOf(task, { application, plan })) {
    if (!(await isMissing(file, folder))) continue;
    const suggestion = folder.nearest(file.path);
    if (!first && (suggestion === undefined || !isMisspelt(file, suggestion))) continue;
    if (!first && isNamedBefore(file, task, looking)) continue;
    const text = file.kind === "pattern" ? "no file matches" : `there is no ${file.what}`;
    found.push({
      place: placeOf(loaded, file.site()),
      message: `${text} ${JSON.stringify(file.path)}`,
      ...(suggestion !== undefined && { suggestion }),
    });
  }
  return found;
}

async function isMissing(file: NamedFile, folder: Folder): Promise<boolean> {
  const { path, kind } = file;
  if (folder.isState(path) || (kind !== "data" && folder.isOutside(path))) return false;
  if (kind === "pattern") return !(await folder.matches(path));
  return !folder.has(path) && !(file.onPath && isOnPath(path));
}

/** Numbered files are made one by one: another number is another file. */
function isMisspelt({ path, kind }: NamedFile, suggestion: string): boolean {
  if (kind !== "code" || extname(path) !== extname(suggestion)) return false;
  const [name, meant] = [basename(path), basename(suggestion)];
  const unnumbered = (text: string) => text.replaceAll(/\d+/g, "");
  return name === meant || unnumbered(name) !== unnumbered(meant);
}

/** Whether the command or the script of something before names the file, which it may then make. */
function isNamedBefore({ path }: NamedFile, task: WorkTask, { tasks, folder }: Looking): boolean {
  const name = basename(path);
  const stem = basename(path, extname(path));
  return workBefore(tasks, task.id).some((before) => {
    if (!("run" in before)) return false;
    const scripts = scriptPaths(before.run);
    return (
      JSON.stringify(before.run).includes(stem) || scripts.some((each) => folder.text(each).includes(name))
    );
  });
}

function scriptPaths(run: Command): readonly string[] {
  if (run.kind === "module") return [run.module];
  if (run.kind === "notebook") return [run.notebook];
  if (run.kind === "check") return checkScripts(run.check);
  return scriptsOf(run.command).map(({ path }) => path);
}

/** A check that is a module is named by its path; a built-in has no file. */
function checkScripts(check: string): readonly string[] {
  return isCheckModule(check) ? [check] : scriptsOf(check).map(({ path }) => path);
}

type Line = readonly [string, Missing];

function byPlace([, { place: a }]: Line, [, { place: b }]: Line): number {
  if (a.file !== b.file) return (a.file ?? "") < (b.file ?? "") ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

const MOST_LISTED = 100;

function missingError(missing: readonly Line[], root: string): ScanflowError {
  const lines = missing.slice(0, MOST_LISTED).map(([line]) => `  ${line}`);
  if (missing.length > MOST_LISTED) lines.push(`  and ${missing.length - MOST_LISTED} more`);
  const count =
    missing.length === 1 ? "A file that the workflow needs is" : "Files that the workflow needs are";
  const [first] = missing;
  return new ScanflowError(
    "SCANFLOW_FILES_MISSING",
    `${count} not there:\n${lines.join("\n")}\nPut them there or correct the paths, which are relative to the config's folder (${root}).`,
    first && { place: first[1].place },
  );
}
