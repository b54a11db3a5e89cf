import type { DataInput, InputSource } from "../definition/definition.ts";
import { ownOutputs } from "../definition/sources.ts";
import { ScanflowError } from "../errors.ts";
import { type Draft, link, linkOrder, type Scope, type Unit } from "./draft.ts";
import type { PlanInput } from "./plan.ts";

/** Where an artifact comes from, followed through nested workflows to the task that makes it. */
export type Source = Found | ({ readonly kind: "made" } & Made);

/** What is there before anything runs. */
type Found = { readonly kind: "file"; readonly path: string } | DataInput;

interface Made {
  readonly by: readonly Producer[];
  /** What is taken when none of them made it; null: nothing. */
  readonly fallback: Found | null;
}

interface Producer {
  readonly unit: Unit;
  readonly draft: Draft;
  readonly output: string;
}

/**
 * The inputs of a task. Each producer becomes a `data` edge; the producers of one input share a join, since one
 * that was produced is enough.
 */
export function connectInputs(
  draft: Draft,
  scope: Scope,
  inputs: Readonly<Record<string, InputSource>>,
): Readonly<Record<string, PlanInput>> {
  const connected = Object.entries(inputs).map(([name, written]): [string, PlanInput] => {
    const source = sourceOf(scope, written);
    if (source.kind === "made") linkProducers(draft, source, `inputs.${name}`);
    return [name, planInput(source)];
  });
  return Object.fromEntries(connected);
}

export function sourceOf(scope: Scope, written: InputSource): Source {
  switch (written.kind) {
    case "file":
    case "data":
      return written;
    case "first":
      return firstOf(written.of.map((each) => sourceOf(scope, each)));
    case "input": {
      const { opener } = scope;
      const bound = opener?.node.inputs[written.name];
      if (!opener || !bound) throw unbound(scope, written.name);
      return sourceOf(opener.scope, bound);
    }
    case "output": {
      const unit = scope.units.get(written.node);
      const inner = unit?.inner?.workflow.outputs[written.output];
      if (unit?.inner && inner) return sourceOf(unit.inner, inner);
      if (!unit?.work) throw dangling(scope, `${written.node}.${written.output}`);
      return { kind: "made", by: [{ unit, draft: unit.work, output: written.output }], fallback: null };
    }
  }
}

/** Edges to all that make something, of which one is enough. */
export function linkProducers(draft: Draft, { by, fallback }: Made, join: string): void {
  const joined = by.length > 1 || fallback !== null ? { join } : {};
  for (const producer of by) {
    link(draft, producer.draft, { kind: "data", if: "succeeded", ...joined });
    awaitTargets(draft, producer);
  }
}

/** Waits for all that make something, however they end. */
export function awaitProducers(draft: Draft, producers: readonly Producer[]): void {
  for (const producer of producers) {
    linkOrder(draft, producer.draft, "finished");
    awaitTargets(draft, producer);
  }
}

/**
 * A choice ends before what it runs. Where its branches name their own targets as the output that is taken, those are
 * awaited too, and what they in turn name when they are choices. However they end: only the target of the branch that
 * is taken counts, which is not known before.
 */
function awaitTargets(draft: Draft, producer: Producer): void {
  const open = [producer];
  const seen = new Set<string>();
  for (const { unit, output } of open) {
    const { node, scope } = unit;
    const key = `${unit.head.id} ${output}`;
    if (node.kind !== "choice" || seen.has(key)) continue;
    seen.add(key);
    for (const reference of ownOutputs(node, output)) {
      for (const each of producersOf(sourceOf(scope, reference))) {
        linkOrder(draft, each.draft, "finished");
        open.push(each);
      }
    }
  }
}

export function producersOf(source: Source): readonly Producer[] {
  return source.kind === "made" ? source.by : [];
}

export function planInput(source: Source): PlanInput {
  if (source.kind === "file") return { kind: "file", path: source.path };
  if (source.kind === "data") return source;
  const of = source.by.map(({ draft, output }) => ({ task: draft.id, output }));
  const { fallback } = source;
  if (fallback === null) return { kind: "output", of };
  return { kind: "output", of, fallback: fallback.kind === "file" ? fallback.path : fallback };
}

/** A file or a version of data is always there: what stands behind it is never looked at. */
function firstOf(sources: readonly Source[]): Source {
  const producers = new Map<string, Producer>();
  let fallback: Found | null = null;
  for (const source of sources) {
    for (const each of producersOf(source)) {
      const key = `${each.draft.id} ${each.output}`;
      if (!producers.has(key)) producers.set(key, each);
    }
    fallback = source.kind === "made" ? source.fallback : source;
    if (fallback !== null) break;
  }
  if (producers.size === 0 && fallback !== null) return fallback;
  return { kind: "made", by: [...producers.values()], fallback };
}

function unbound({ group, workflow }: Scope, input: string): ScanflowError {
  const where =
    group.id === "" ? `Workflow ${workflow.name}` : `Workflow ${workflow.name} (node ${group.id})`;
  return new ScanflowError(
    "SCANFLOW_NOT_RUNNABLE",
    `${where} needs the input ${input}, which nothing gives to it. Run a workflow that contains it and binds the input, or read a file instead.`,
  );
}

function dangling({ workflow }: Scope, reference: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_DEFINITION_INVALID",
    `Workflow ${workflow.name} refers to ${reference}, which does not exist. Name an output of one of its nodes.`,
  );
}
