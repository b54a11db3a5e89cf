import { extname } from "node:path";
import type { PlanInput, PlanTask } from "@scanflow/core";
import { type Build, expressionTag } from "./build.ts";
import { condition } from "./condition.ts";
import { referenced } from "./content.ts";
import { all, always, atom, type Formula } from "./formula.ts";
import { stringText } from "./literal-text.ts";
import { sightOf } from "./outcome.ts";
import { indexText } from "./reference-text.ts";
import { plain, type Scope, type Text, text } from "./scope.ts";

/** Where a task's input comes from. */
export type ArtifactSource =
  /** A file of the application. */
  | { readonly kind: "file"; readonly path: string }
  /** What Argo hands from task to task. */
  | { readonly kind: "task"; readonly from: string; readonly output: string; readonly extension: string }
  /** What lies in the artifact store under a key: of tasks in other DAGs, of all items of a map, or of one of several. */
  | {
      readonly kind: "key";
      /** null: it is one of several files of the application. */
      readonly key: Text | null;
      /** Where it lies; null: where inputs do, since none of the alternatives is a file of the application. */
      readonly place: Text | null;
      readonly extension: string;
    };

/** One of the alternatives, of which the first that is there is taken. */
interface Option {
  readonly made: OutputReference | null;
  /** A file of the application. */
  readonly path: string;
  /** That the choices on the way took the branches that name it. */
  readonly taken: Formula;
}

interface OutputReference {
  readonly task: string;
  readonly output: string;
}

interface Wanted {
  readonly task: PlanTask;
  /** Of the input. */
  readonly name: string;
  readonly input: PlanInput;
}

export function artifactSource(build: Build, scope: Scope, { task, name, input }: Wanted): ArtifactSource {
  const options = optionsOf(build, input, always);
  const [first] = options;
  if (first === undefined) throw new Error(`An input of "${task.id}" has no source. Report this as a bug.`);
  const { made } = first;
  if (options.length === 1 && made === null) return { kind: "file", path: first.path };
  const extension = extensionOf(build, task.id, options);
  if (options.length === 1 && made !== null && scope.placeOf(made.task).kind === "here") {
    return { kind: "task", from: made.task, output: made.output, extension };
  }
  for (const option of options) if (option.made) build.keyed.add(`${option.made.task} ${option.made.output}`);
  const chosen = (textOf: (option: Option) => Text) => {
    const values = options.map(textOf);
    const last = values.at(-1) ?? plain("''");
    return options.slice(0, -1).reduceRight((otherwise, option, position) => {
      const has = option.made === null ? always : referenced(build.index, sightOf(task.id), option.made).has;
      return text`${condition(scope, all(option.taken, has))} ? ${values[position] ?? last} : ${otherwise}`;
    }, last);
  };
  const isMade = options.some((option) => option.made !== null);
  const isFile = options.some((option) => option.made === null);
  const lies = plain(stringText(`/scanflow/inputs/${name}${extension}`));
  return {
    kind: "key",
    key: isMade
      ? chosen((option) => (option.made ? keyText(build, task, option.made) : plain("'none'")))
      : null,
    place: isFile
      ? chosen((option) => (option.made ? lies : plain(stringText(`/app/${option.path}`))))
      : null,
    extension,
  };
}

/** The alternatives in their order: of a choice those that its branches name. */
function optionsOf(build: Build, input: PlanInput, taken: Formula): readonly Option[] {
  if (input.kind !== "output") return [{ made: null, path: pathOf(input), taken }];
  const made = input.of.flatMap((reference): readonly Option[] => {
    const task = build.index.task(reference.task);
    if (task.kind !== "choice") return [{ made: reference, path: "", taken }];
    return task.branches.flatMap(({ outputs }, branch) => {
      const source = outputs[reference.output];
      if (source === undefined) return [];
      return optionsOf(build, source, all(taken, atom(task.id, `took:${branch}`)));
    });
  });
  const { fallback } = input;
  if (fallback === undefined) return made;
  const path = typeof fallback === "string" ? fallback : fallback.dataset;
  return [...made, { made: null, path, taken }];
}

function pathOf(input: PlanInput & { readonly kind: "file" | "data" }): string {
  return input.kind === "file" ? input.path : input.dataset;
}

/** Of all items together there is a folder; of one, the extension that its task gives it, or the file has. */
function extensionOf({ index }: Build, viewer: string, options: readonly Option[]): string {
  const made = options.find((option) => option.made !== null)?.made;
  if (!made) return extname(options[0]?.path ?? "");
  const task = index.task(made.task);
  if (!index.isOne(viewer, made.task) || !("outputs" in task)) return "";
  return extname(task.outputs[made.output]?.path ?? "");
}

/** The key of an output, or of the folder of all items' outputs. */
function keyText(build: Build, viewer: PlanTask, { task: id, output }: OutputReference): Text {
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
