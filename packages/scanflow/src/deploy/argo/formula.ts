/**
 * What the skip rule says of a task, as a formula over how others ended: written down once, and put into Argo's words
 * twice, in `depends` and in `when`.
 */
export type Formula =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "all" | "any"; readonly of: readonly Formula[] }
  | { readonly kind: "not"; readonly of: Formula }
  | Atom;

/** That the task, or from outside a map some item of it, ended so. */
export interface Atom {
  readonly kind: "atom";
  /** Id of a task of the plan. */
  readonly task: string;
  readonly is: State | Fact;
}

/** How a task ends. `tolerated`: it failed in a target of a choice, within a map, whose place another one takes. */
export type State = "succeeded" | "failed" | "skipped" | "upstream-failed" | "tolerated";

/**
 * `wrote:b`: it wrote its optional output; `took:1`, `passed:1`: a choice took this branch, or decided otherwise; `lost`: items of a map have failures that
 * fail the run; `has:…` and `lacks:…`: items have, or can for a failure not have, what a choice within them gives.
 */
export type Fact =
  | `wrote:${string}`
  | `took:${number}`
  | `passed:${number}`
  | "lost"
  | `has:${string}`
  | `lacks:${string}`;

export const always: Formula = { kind: "constant", value: true };
export const never: Formula = { kind: "constant", value: false };

export function atom(task: string, is: Atom["is"]): Formula {
  return { kind: "atom", task, is };
}

export function all(...of: readonly Formula[]): Formula {
  return join("all", of);
}

export function any(...of: readonly Formula[]): Formula {
  return join("any", of);
}

/** Negations stand at atoms only. */
export function not(formula: Formula): Formula {
  switch (formula.kind) {
    case "constant":
      return formula.value ? never : always;
    case "not":
      return formula.of;
    case "atom":
      return { kind: "not", of: formula };
    default:
      return join(formula.kind === "all" ? "any" : "all", formula.of.map(not));
  }
}

/** The atoms of a formula, in its order. */
export function atomsOf(formula: Formula): readonly Atom[] {
  if (formula.kind === "atom") return [formula];
  if (formula.kind === "not") return atomsOf(formula.of);
  return formula.kind === "constant" ? [] : formula.of.flatMap(atomsOf);
}

function join(kind: "all" | "any", of: readonly Formula[]): Formula {
  const neutral = kind === "all";
  const open: Formula[] = [];
  for (const part of of) {
    if (part.kind === "constant" && part.value !== neutral) return part;
    if (part.kind !== "constant") open.push(part);
  }
  const [only] = open;
  if (only === undefined) return neutral ? always : never;
  if (open.length === 1) return only;
  const parts = new Map<string, Formula>();
  for (const part of open)
    for (const each of part.kind === kind ? part.of : [part]) parts.set(keyOf(each), each);
  const different = [...parts.values()];
  return different.length === 1 ? (different[0] ?? only) : { kind, of: different };
}

function keyOf(formula: Formula): string {
  return formula.kind === "atom" ? `${formula.is} ${formula.task}` : JSON.stringify(formula);
}
