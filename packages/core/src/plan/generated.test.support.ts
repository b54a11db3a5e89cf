import fc from "fast-check";
import type {
  Application,
  ChoiceNode,
  MapDefinition,
  OrderEdge,
  Workflow,
  WorkNode,
} from "../definition/definition.ts";
import {
  application,
  choice,
  executor,
  from,
  nested,
  output,
  when,
  workflow,
} from "./written.test.support.ts";

/** What a generated node is made from; numbers are taken modulo what there is to choose from. */
interface NodeSeed {
  readonly kind: "executor" | "workflow" | "choice";
  readonly pick: number;
  readonly inputs: readonly number[];
  readonly after: readonly { readonly node: number; readonly if: OrderEdge["if"] }[];
  readonly reads: number | null;
  readonly mapped: boolean;
  readonly run: "none" | "sequence" | "first-of";
  /** Where the node stands in the written order. */
  readonly place: number;
}

interface Options {
  readonly kinds: readonly NodeSeed["kind"][];
  readonly maps: boolean;
}

/** Valid applications of up to four workflows, of which each may nest those behind it, nodes in any written order. */
export function generatedApplication({ kinds, maps }: Options): fc.Arbitrary<Application> {
  const seed: fc.Arbitrary<NodeSeed> = fc.record({
    kind: fc.constantFrom(...kinds),
    pick: fc.nat(100),
    inputs: fc.array(fc.nat(100), { maxLength: 3 }),
    after: fc.array(
      fc.record({ node: fc.nat(100), if: fc.constantFrom("succeeded", "failed", "finished") }),
      { maxLength: 2 },
    ),
    reads: fc.option(fc.nat(100)),
    mapped: maps ? fc.boolean() : fc.constant(false),
    run: fc.constantFrom("none", "sequence", "first-of"),
    place: fc.nat(100),
  });
  return fc
    .array(fc.array(seed, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 4 })
    .map((seeds) => application(seeds.map((nodes, index) => workflowOf(nodes, index, seeds.length))));
}

function workflowOf(seeds: readonly NodeSeed[], index: number, count: number): Workflow {
  const nodes: WorkNode[] = [];
  const taken = new Set<number>();
  for (const [position, seed] of seeds.entries()) {
    const earlier = seeds.slice(0, position);
    const names = earlier.flatMap((each, at) => (each.kind === "choice" ? [] : [`n${at}`]));
    const at = { seed, position, names, nestable: count - index - 1, top: index === 0 };
    nodes.push(seed.kind === "choice" ? choiceOf(at, seeds.length, taken) : nodeOf(at, index));
  }
  const last = seeds.findLastIndex(({ kind }) => kind !== "choice");
  const written = nodes.map((node, at) => ({ node, place: seeds[at]?.place ?? 0 }));
  return workflow(
    `w${index}`,
    written.sort((a, b) => a.place - b.place).map(({ node }) => node),
    {
      inputs: index === 0 ? [] : ["in"],
      outputs: { out: last < 0 ? from("input:in") : from(`n${last}.out`) },
      params: {
        p: { type: "number", default: index, choices: null, min: null, max: null, description: "" },
      },
    },
  );
}

interface At {
  readonly seed: NodeSeed;
  readonly position: number;
  /** Earlier nodes with outputs. */
  readonly names: readonly string[];
  readonly nestable: number;
  readonly top: boolean;
}

function nodeOf({ seed, position, names, nestable, top }: At, index: number): WorkNode {
  const file = { kind: "file", path: "data.csv" } as const;
  const sources = [...names.map((name) => from(`${name}.out`)), ...(top ? [] : [from("input:in")])];
  const inputs = Object.fromEntries(
    seed.inputs.map((pick, at) => [`i${at}`, sources[pick % sources.length] ?? file]),
  );
  const reading = seed.reads === null ? undefined : names[seed.reads % names.length];
  const text = reading ? `nodes.${reading}.result.x + params.p` : seed.mapped ? "item" : "params.p";
  const shared = {
    after: seed.after.flatMap((edge) => {
      const node = names[edge.node % names.length];
      return node ? [{ node, if: edge.if }] : [];
    }),
    when: reading ? when(`nodes.${reading}.status == 'succeeded' and params.p > 0`) : null,
    params: { p: { kind: "expression", expression: when(text) } },
    map: seed.mapped
      ? ({
          kind: "over",
          over: { kind: "literal", value: [1, 2] },
          concurrency: null,
        } satisfies MapDefinition)
      : null,
  } as const;
  const name = `n${position}`;
  if (seed.kind === "executor" || nestable === 0) {
    return executor(name, { ...shared, inputs, outputs: { out: output("out") } });
  }
  const bound = { in: inputs.i0 ?? file };
  return nested(name, `w${index + 1 + (seed.pick % nestable)}`, { ...shared, inputs: bound });
}

/** Its targets are later nodes that no other choice has taken. */
function choiceOf({ seed, position, names }: At, count: number, taken: Set<number>): ChoiceNode {
  const free = Array.from({ length: count - position - 1 }, (_, offset) => position + 1 + offset);
  const targets = free.filter((at) => !taken.has(at)).slice(0, seed.pick % 4);
  for (const target of targets) taken.add(target);
  const nodes = targets.map((at) => `n${at}`);
  const reading = names[seed.pick % names.length];
  const outputs = reading ? { best: from(`${reading}.out`) } : {};
  return choice(`n${position}`, [
    {
      when: reading ? when(`nodes.${reading}.metrics.loss < 1`) : when("device.cpus > 1"),
      run: seed.run === "none" || nodes.length === 0 ? { kind: "none" } : { kind: seed.run, nodes },
      outputs,
    },
    { when: null, run: { kind: "none" }, outputs },
  ]);
}
