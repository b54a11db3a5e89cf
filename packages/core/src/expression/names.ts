import { nearest } from "../nearest.ts";
import { quoted } from "./values.ts";

/**
 * Which names an expression may use: `definition` is what people write (`params`, `nodes`, `device`, `item`);
 * `plan` is what a plan holds after names were resolved (`params`, `tasks`, `device`, `items`).
 */
export type NameSet = "definition" | "plan";

/** A problem with a name, with the name that was most likely meant. */
export interface NameProblem {
  readonly message: string;
  readonly suggestion?: string;
}

interface Root {
  readonly form: string;
  readonly names: NameSet | "both";
  /** Least length of a path with this root. */
  readonly length: number;
  readonly doc: string;
}

/** What a node or task offers to expressions. */
export const FACETS: readonly string[] = ["result", "metrics", "status"];

/** The first names of all references. */
export const ROOTS: Readonly<Record<string, Root>> = {
  params: { form: "params.<name>", names: "both", length: 2, doc: "A parameter of the workflow." },
  nodes: {
    form: "nodes.<node>.result, .metrics or .status",
    names: "definition",
    length: 3,
    doc: "The values that a node wrote, the metrics it logged, or how it ended.",
  },
  tasks: {
    form: "tasks[<task id>].result, .metrics or .status",
    names: "plan",
    length: 3,
    doc: "What nodes.<node> becomes in a plan.",
  },
  device: {
    form: "device.<fact>",
    names: "both",
    length: 2,
    doc: "Facts about the machine: kind, cpus, memory (bytes), gpus, platform, arch.",
  },
  item: { form: "item", names: "definition", length: 1, doc: "The item that a mapped node works on." },
  items: { form: "items[<map id>]", names: "plan", length: 2, doc: "What item becomes in a plan." },
};

/** The roots of a set of names. */
export function rootsOf(names: NameSet): readonly string[] {
  return Object.entries(ROOTS).flatMap(([name, root]) =>
    root.names === "both" || root.names === names ? [name] : [],
  );
}

/** What is wrong with the form of a path; undefined when it may be a reference. */
export function pathProblem(path: readonly string[], names: NameSet): NameProblem | undefined {
  const [name = "", , facet] = path;
  const roots = rootsOf(names);
  if (!roots.includes(name)) return withNearest(`there is no name ${quoted(name)}`, name, roots);
  const root = ROOTS[name];
  if (root && path.length < root.length)
    return { message: `${name} alone is not a value: write ${root.form}` };
  if (root?.length === 3 && !FACETS.includes(facet ?? "")) {
    return withNearest(`${name} have no ${quoted(facet ?? "")}`, facet ?? "", FACETS);
  }
  return undefined;
}

/** Adds the nearest of the known names, or else all of them, to a message. */
export function withNearest(message: string, name: string, known: readonly string[]): NameProblem {
  const suggestion = nearest(name, known);
  if (suggestion !== undefined) return { message: `${message}: did you mean ${suggestion}?`, suggestion };
  if (known.length === 0) return { message: `${message}: there are none here` };
  const shown = known.length > 12 ? [...known.slice(0, 12), "..."] : known;
  return { message: `${message}: use one of ${shown.join(", ")}` };
}
