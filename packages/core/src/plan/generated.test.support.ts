import fc from "fast-check";
import type {
  Application,
  Branch,
  ChoiceNode,
  InputSource,
  MapDefinition,
  OrderEdge,
  Workflow,
  WorkNode,
} from "../definition/definition.ts";
import {
  application,
  choice,
  executor,
  first,
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
  /** Whether each input is the first of two. */
  readonly joined: boolean;
  readonly optional: boolean;
  readonly after: readonly { readonly node: number; readonly if: OrderEdge["if"] }[];
  readonly reads: number | null;
  readonly mapped: boolean;
  readonly run: "none" | "sequence" | "first-of";
  /** What a choice's branches name as its output: what ran before, one of their targets, or the first of those. */
  readonly gives: "before" | "one" | "first";
  /** Where the node stands in the written order. */
  readonly place: number;
}

interface Options {
  readonly kinds: readonly NodeSeed["kind"][];
  readonly maps: boolean;
  readonly joins?: boolean;
}

/** Valid applications of up to four workflows, of which each may nest those behind it, nodes in any written order. */
export function generatedApplication({ kinds, maps, joins = true }: Options): fc.Arbitrary<Application> {
  const seed: fc.Arbitrary<NodeSeed> = fc.record({
    kind: fc.constantFrom(...kinds),
    pick: fc.nat(100),
    inputs: fc.array(fc.nat(100), { maxLength: 3 }),
    joined: joins ? fc.boolean() : fc.constant(false),
    optional: fc.boolean(),
    after: fc.array(
      fc.record({ node: fc.nat(100), if: fc.constantFrom("succeeded", "failed", "finished") }),
      { maxLength: 2 },
    ),
    reads: fc.option(fc.nat(100)),
    mapped: maps ? fc.boolean() : fc.constant(false),
    run: fc.constantFrom("none", "sequence", "first-of"),
    gives: fc.constantFrom("before", "one", "first"),
    place: fc.nat(100),
  });
  return fc
    .array(fc.array(seed, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 4 })
    .map((seeds) => application(seeds.map((nodes, index) => workflowOf(nodes, index, seeds.length))));
}

/** An output that nodes behind a position may take: that of a choice behind the targets that it names. */
interface Offer {
  readonly text: string;
  readonly ready: number;
}

interface Around {
  readonly offers: readonly Offer[];
  /** What each branch of a choice runs, by the choice's position. */
  readonly branches: readonly (readonly (readonly number[])[])[];
  readonly nestable: number;
  readonly index: number;
}

function workflowOf(seeds: readonly NodeSeed[], index: number, count: number): Workflow {
  const branches = branchesOf(seeds);
  const around = { offers: offersOf(seeds, branches), branches, nestable: count - index - 1, index };
  const nodes = seeds.map((seed, position): { node: WorkNode; place: number } => {
    const names = seeds.slice(0, position).flatMap(({ kind }, at) => (kind === "choice" ? [] : [`n${at}`]));
    const at = { seed, position, names, around };
    return { node: seed.kind === "choice" ? choiceOf(at) : nodeOf(at), place: seed.place };
  });
  const given = around.offers[(seeds[0]?.pick ?? 0) % around.offers.length];
  return workflow(
    `w${index}`,
    nodes.sort((a, b) => a.place - b.place).map(({ node }) => node),
    {
      inputs: index === 0 ? [] : ["in"],
      outputs: { out: from(given?.text ?? "input:in") },
      params: {
        p: { type: "number", default: index, choices: null, min: null, max: null, description: "" },
      },
    },
  );
}

/**
 * The targets of a choice are later nodes that no other choice has taken, in its first two branches. What a target
 * chooses stands before the next target of the branch, which comes after it.
 */
function branchesOf(seeds: readonly NodeSeed[]): Around["branches"] {
  const taken = new Set<number>();
  const ends = new Map<number, number>();
  return seeds.map(({ kind, pick, run, optional }, position) => {
    if (kind !== "choice" || run === "none") return [[], []];
    const end = ends.get(position) ?? seeds.length;
    const later = [...seeds.keys()].slice(position + 1, end).filter((at) => !taken.has(at));
    const targets = later.filter((_, at) => !optional || at % 2 === 0).slice(0, pick % 5);
    const branches = [targets.slice(0, 2), targets.slice(2)];
    for (const branch of branches) {
      for (const [at, target] of branch.entries()) ends.set(target, branch[at + 1] ?? end);
    }
    for (const target of targets) taken.add(target);
    return branches;
  });
}

/** The nodes of which one can be written after: earlier ones, and choices of which all that they run is earlier. */
function passedBy(position: number, branches: Around["branches"]): readonly string[] {
  const earlier = [...branches.keys()].slice(0, position);
  const passed = earlier.filter((at) => {
    const chosen = new Set(branches[at]?.flat());
    for (const target of chosen) for (const inner of branches[target]?.flat() ?? []) chosen.add(inner);
    return chosen.has(position) || Math.max(at, ...chosen) < position;
  });
  return passed.map((at) => `n${at}`);
}

function offersOf(seeds: readonly NodeSeed[], branches: Around["branches"]): readonly Offer[] {
  const offers: Offer[] = [];
  for (const [position, { kind, gives }] of [...seeds.entries()].reverse()) {
    const named = kind === "choice" && gives !== "before" ? (branches[position]?.flat() ?? []) : [];
    const ready = Math.max(position, ...named.map((target) => offers[target]?.ready ?? 0));
    offers[position] = { text: `n${position}.${kind === "choice" ? "best" : "out"}`, ready };
  }
  return offers;
}

interface At {
  readonly seed: NodeSeed;
  readonly position: number;
  /** Earlier nodes but the choices. */
  readonly names: readonly string[];
  readonly around: Around;
}

/** What a node may take: what is ready before it, or what is handed in. */
function sourceOf({ position, around }: At, pick: number, joined: boolean): InputSource {
  const texts = around.offers.flatMap(({ text, ready }) => (ready < position ? [text] : []));
  if (around.index > 0) texts.push("input:in");
  const text = texts[pick % texts.length];
  if (text === undefined) return { kind: "file", path: "data.csv" };
  return joined ? first(text, texts[(pick + 1) % texts.length] ?? text) : from(text);
}

function nodeOf(at: At): WorkNode {
  const { seed, position, names, around } = at;
  const inputs = Object.fromEntries(
    seed.inputs.map((pick, input) => [`i${input}`, sourceOf(at, pick, seed.joined)]),
  );
  const reading = seed.reads === null ? undefined : names[seed.reads % names.length];
  const text = reading ? `nodes.${reading}.result.x + params.p` : seed.mapped ? "item" : "params.p";
  const shared = {
    after: seed.after.flatMap((edge) => {
      const passed = passedBy(position, around.branches);
      const node = passed[edge.node % passed.length];
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
  if (seed.kind === "executor" || around.nestable === 0) {
    const outputs = { out: { ...output("out"), optional: seed.optional } };
    return executor(name, { ...shared, inputs, outputs });
  }
  const bound = { in: inputs.i0 ?? ({ kind: "file", path: "data.csv" } as const) };
  return nested(name, `w${around.index + 1 + (seed.pick % around.nestable)}`, { ...shared, inputs: bound });
}

function choiceOf(at: At): ChoiceNode {
  const { seed, position, names, around } = at;
  const before = sourceOf(at, seed.pick, seed.joined);
  const reading = names[seed.pick % names.length];
  const condition = reading ? when(`nodes.${reading}.metrics.loss < 1`) : when("device.cpus > 1");
  const branches = (around.branches[position] ?? []).map((targets, index): Branch => {
    const own = targets.flatMap((target) => around.offers[target]?.text ?? []);
    const [given] = own;
    const outputs = { best: given === undefined || seed.gives === "before" ? before : from(given) };
    if (seed.gives === "first" && given !== undefined) outputs.best = first(...own);
    return {
      when: index === 0 ? condition : null,
      run:
        seed.run === "none" || targets.length === 0
          ? { kind: "none" }
          : { kind: seed.run, nodes: targets.map((target) => `n${target}`) },
      outputs,
    };
  });
  return choice(`n${position}`, branches);
}
