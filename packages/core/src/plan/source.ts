import type { InputSource } from "../definition/definition.ts";
import { ScanflowError } from "../errors.ts";
import { type Draft, link, type Scope } from "./draft.ts";
import type { PlanInput } from "./plan.ts";

/** Where an artifact comes from, followed through nested workflows to the task that makes it. */
export type Source =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "made"; readonly by: readonly Producer[] };

interface Producer {
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
    linkProducers(draft, source, `inputs.${name}`);
    return [name, planInput(source)];
  });
  return Object.fromEntries(connected);
}

export function sourceOf(scope: Scope, written: InputSource): Source {
  switch (written.kind) {
    case "file":
      return written;
    case "first":
      return firstOf(
        written.of.map((each) => sourceOf(scope, each)),
        scope,
      );
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
      return { kind: "made", by: [{ draft: unit.work, output: written.output }] };
    }
  }
}

export function linkProducers(draft: Draft, source: Source, join: string): void {
  if (source.kind === "file") return;
  const joined = source.by.length > 1 ? { join } : {};
  for (const producer of source.by) link(draft, producer.draft, { kind: "data", if: "succeeded", ...joined });
}

export function planInput(source: Source): PlanInput {
  if (source.kind === "file") return { kind: "file", path: source.path };
  return { kind: "output", of: source.by.map(({ draft, output }) => ({ task: draft.id, output })) };
}

function firstOf(sources: readonly Source[], scope: Scope): Source {
  const [first] = sources;
  if (first?.kind === "file") return first;
  const producers = new Map<string, Producer>();
  for (const source of sources) {
    if (source.kind === "file") throw mixedJoin(scope, source.path);
    for (const each of source.by) {
      const key = `${each.draft.id} ${each.output}`;
      if (!producers.has(key)) producers.set(key, each);
    }
  }
  return { kind: "made", by: [...producers.values()] };
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

function mixedJoin({ workflow }: Scope, path: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_NOT_RUNNABLE",
    `Workflow ${workflow.name} joins outputs with the file ${path} that a surrounding workflow hands in. Give the file an input of its own, or put it first.`,
  );
}
