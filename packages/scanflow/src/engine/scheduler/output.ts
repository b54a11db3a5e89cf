import type { DataInput, PlanInput } from "@scanflow/core";
import { at, type Instances } from "./instances.ts";
import { type Outcome, outcomeOf, worstOf } from "./outcome.ts";

/** Where an input's content comes from, as one instance sees it; `via` are the choices that it came through, the nearest first. */
export type Content =
  | { readonly kind: "file"; readonly path: string; readonly via?: readonly string[] }
  /** The run's beginning says which version that was. */
  | (DataInput & { readonly via?: readonly string[] })
  /** `path`: the file name its producer declared. */
  | {
      readonly kind: "artifact";
      readonly digest: string;
      readonly path: string;
      /** The instance that produced it, and as which output. */
      readonly made: OutputReference;
      readonly via?: readonly string[];
    }
  /** One entry per item that produced it, by index. */
  | {
      readonly kind: "collected";
      readonly entries: Readonly<Record<string, Content>>;
      /** The mapped task (with its `[*]`) and its output. */
      readonly of: OutputReference;
      readonly via?: readonly string[];
    };

/** Why there is none. */
export interface Missing {
  readonly kind: "missing";
  readonly outcome: Exclude<Outcome, "produced">;
  /** The task, or the output that it did not write. */
  readonly detail: string;
}

interface OutputReference {
  readonly task: string;
  readonly output: string;
}

/** Who asks, and as which instance the references are followed: itself, or a choice on the way. */
interface Sight {
  readonly instances: Instances;
  readonly viewer: number;
  readonly instance: number;
}

/** What an instance is given for an input: the first of the alternatives that was produced, else the file or the data. */
export function given(instances: Instances, instance: number, input: PlanInput): Content | Missing {
  return take({ instances, viewer: instance, instance }, input);
}

function take(sight: Sight, input: PlanInput): Content | Missing {
  if (input.kind !== "output") return input;
  const lacks: Missing[] = [];
  for (const reference of input.of) {
    const content = produced(sight, reference);
    if (content.kind !== "missing") return content;
    lacks.push(content);
  }
  const { fallback } = input;
  if (fallback !== undefined)
    return typeof fallback === "string" ? { kind: "file", path: fallback } : fallback;
  return worstLack(lacks) ?? at(lacks, 0);
}

/**
 * What a task's output holds. One item that failed spoils what a map gives; one that was skipped is left out. Where all
 * were skipped there is none, while a map over nothing gives an empty folder.
 */
function produced(sight: Sight, reference: OutputReference): Content | Missing {
  const { instances, viewer, instance } = sight;
  const upstream = instances.upstream(instance, reference.task);
  if (upstream.kind === "one") return contentOf(sight, upstream.instance, reference);
  const maps = upstream.maps.map((map) => outcomeOf(instances, viewer, map));
  const lacks = maps.flatMap((outcome): Missing[] =>
    outcome === "produced" ? [] : [{ kind: "missing", outcome, detail: reference.task }],
  );
  const depth = instances.state(at(upstream.maps, 0)).index.length;
  const entries: Record<string, Content> = {};
  for (const one of upstream.instances) {
    const content = contentOf(sight, one, reference);
    if (content.kind === "missing") lacks.push(content);
    else entries[instances.state(one).index.slice(depth).join("/")] = content;
  }
  const [lack] = lacks;
  const none = lack && Object.keys(entries).length === 0 ? lack : undefined;
  return worstLack(lacks) ?? none ?? { kind: "collected", entries, of: reference };
}

function contentOf(sight: Sight, instance: number, { task: id, output }: OutputReference): Content | Missing {
  const { instances, viewer } = sight;
  const outcome = outcomeOf(instances, viewer, instance);
  if (outcome !== "produced") return { kind: "missing", outcome, detail: id };
  const none: Missing = { kind: "missing", outcome: "skipped", detail: `${id}.${output}` };
  const [task, state] = [instances.task(instance), instances.state(instance)];
  if (task.kind === "choice") {
    const source = state.branch === null ? undefined : at(task.branches, state.branch).outputs[output];
    if (!source) return none;
    const content = take({ instances, viewer, instance }, source);
    return content.kind === "missing" ? content : { ...content, via: [state.id, ...(content.via ?? [])] };
  }
  const digest = state.outputs[output];
  if (digest === undefined) return none;
  const declared = "outputs" in task ? task.outputs[output]?.path : undefined;
  return { kind: "artifact", digest, path: declared ?? output, made: { task: state.id, output } };
}

function worstLack(lacks: readonly Missing[]): Missing | undefined {
  const worst = worstOf(lacks.map(({ outcome }) => outcome));
  return lacks.find(({ outcome }) => outcome === worst);
}
