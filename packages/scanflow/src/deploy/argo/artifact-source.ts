import { extname } from "node:path";
import type { PlanInput, PlanTask } from "@scanflow/core";
import { type Build, expressionTag } from "./build.ts";
import { condition } from "./condition.ts";
import { referenced } from "./content.ts";
import { all, always, atom, type Formula } from "./formula.ts";
import { stringText } from "./literal-text.ts";
import { indexText } from "./reference-text.ts";
import { plain, type Scope, type Text, text } from "./scope.ts";

/** Where a task's input comes from. */
export type ArtifactSource =
  /** A file of the application. */
  | { readonly kind: "file"; readonly path: string }
  /** What Argo hands from task to task. */
  | { readonly kind: "task"; readonly from: string; readonly name: string; readonly extension: string }
  /** What lies in the artifact store under a key: of tasks in other DAGs, of several, or of one of several. */
  | {
      readonly kind: "key";
      readonly key: Text;
      readonly extension: string;
      readonly fallback: Fallback | null;
    };

export interface Fallback {
  /** A file of the application, taken when nothing was produced. */
  readonly path: string;
  /** That something was. */
  readonly has: Text;
}

interface Option {
  readonly task: string;
  readonly output: string;
  readonly taken: Formula;
}

export function artifactSource(
  build: Build,
  scope: Scope,
  of: { task: PlanTask; input: PlanInput },
): ArtifactSource {
  const { task, input } = of;
  if (input.kind !== "output")
    return { kind: "file", path: input.kind === "file" ? input.path : input.dataset };
  const options = input.of.flatMap((reference) => optionsOf(build, { ...reference, taken: always }));
  const [first] = options;
  if (first === undefined) throw new Error(`An input of "${task.id}" has no source. Report this as a bug.`);
  const extension = extensionOf(build, task.id, first);
  if (options.length === 1 && input.fallback === undefined && scope.placeOf(first.task).kind === "here") {
    return { kind: "task", from: first.task, name: first.output, extension };
  }
  for (const option of options) build.keyed.add(`${option.task} ${option.output}`);
  const keys = options.map((option) => keyText(build, task, option));
  const last = keys.at(-1) ?? plain("''");
  const key = options.slice(0, -1).reduceRight((otherwise, option, position) => {
    const has = all(option.taken, referenced(build.index, task.id, option).has);
    return text`${condition(scope, has)} ? ${keys[position] ?? last} : ${otherwise}`;
  }, last);
  const { fallback } = input;
  if (fallback === undefined) return { kind: "key", key, extension, fallback: null };
  const has = options.map((option) => all(option.taken, referenced(build.index, task.id, option).has));
  return {
    kind: "key",
    key,
    extension,
    fallback: {
      path: typeof fallback === "string" ? fallback : fallback.dataset,
      has: condition(scope, { kind: "any", of: has }),
    },
  };
}

/** The tasks that may make it: of a choice those that its branches name. */
function optionsOf(build: Build, option: Option): readonly Option[] {
  const task = build.index.task(option.task);
  if (task.kind !== "choice") return [option];
  return task.branches.flatMap(({ outputs }, branch) => {
    const source = outputs[option.output];
    if (source?.kind !== "output") return [];
    const taken = all(option.taken, atom(task.id, `took:${branch}`));
    return source.of.flatMap((reference) => optionsOf(build, { ...reference, taken }));
  });
}

/** Of all items together there is a folder; of one, the extension that its task gives it. */
function extensionOf({ index }: Build, viewer: string, { task: id, output }: Option): string {
  const task = index.task(id);
  if (!index.isOne(viewer, id) || !("outputs" in task)) return "";
  return extname(task.outputs[output]?.path ?? "");
}

/** The key of an output, or of the folder of all items' outputs. */
function keyText(build: Build, viewer: PlanTask, { task: id, output }: Option): Text {
  const { maps } = build.index.task(id);
  const shared = maps.findIndex((map, depth) => viewer.maps[depth] !== map);
  const depth = shared < 0 ? maps.length : shared;
  const indices = Array.from({ length: depth }, (_, at) => ` + '/' + string(${indexText(at + 1)})`).join("");
  return plain(`workflow.uid + ${stringText(`/${build.names.of(id)}/${output}`)}${indices}`);
}

/** The key that a task's output is stored under. */
export function ownKey(build: Build, { id, maps }: PlanTask, output: string): string {
  const indices = maps.map((_, at) => `/${expressionTag(indexText(at + 1))}`).join("");
  return `{{workflow.uid}}/${build.names.of(id)}/${output}${indices}`;
}
