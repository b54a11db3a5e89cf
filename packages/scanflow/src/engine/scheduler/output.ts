import { at, type Instances } from "./instances.ts";

/** Where an input's content comes from, as one instance sees it. */
export type Content =
  | { readonly kind: "file"; readonly path: string }
  /** `path`: the file name its producer declared. */
  | { readonly kind: "artifact"; readonly digest: string; readonly path: string }
  /** One entry per item that produced it, by index. */
  | { readonly kind: "collected"; readonly entries: Readonly<Record<string, Content>> };

export interface OutputReference {
  readonly task: string;
  readonly output: string;
}

/** What a task's output holds, or undefined when it was not produced. */
export function produced(
  instances: Instances,
  instance: number,
  reference: OutputReference,
): Content | undefined {
  const upstream = instances.upstream(instance, reference.task);
  if (upstream.kind === "one") return contentOf(instances, upstream.instance, reference.output);
  const map = upstream.maps[0];
  if (map === undefined || instances.state(map).status !== "succeeded") return undefined;
  const depth = instances.state(map).index.length;
  const entries: Record<string, Content> = {};
  for (const one of upstream.instances) {
    const content = contentOf(instances, one, reference.output);
    if (content) entries[instances.state(one).index.slice(depth).join("/")] = content;
  }
  return { kind: "collected", entries };
}

function contentOf(instances: Instances, instance: number, output: string): Content | undefined {
  const state = instances.state(instance);
  if (state.status !== "succeeded") return undefined;
  const task = instances.task(instance);
  if (task.kind === "choice") {
    if (state.branch === null) return undefined;
    const source = at(task.branches, state.branch).outputs[output];
    if (source === undefined) return undefined;
    if (source.kind === "file") return source;
    return firstProduced(instances, instance, source.of);
  }
  const digest = state.outputs[output];
  if (digest === undefined) return undefined;
  const declared = "outputs" in task ? task.outputs[output]?.path : undefined;
  return { kind: "artifact", digest, path: declared ?? output };
}

/** The first alternative that was produced. */
export function firstProduced(
  instances: Instances,
  instance: number,
  alternatives: readonly OutputReference[],
): Content | undefined {
  for (const alternative of alternatives) {
    const content = produced(instances, instance, alternative);
    if (content) return content;
  }
  return undefined;
}
