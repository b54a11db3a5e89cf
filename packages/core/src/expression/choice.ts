import type { Expression } from "./ast.ts";
import { RESERVED_WORDS } from "./operators.ts";

/** Dynamic execution in one line: the first branch whose condition holds is taken. */
export interface Choice {
  readonly branches: readonly ChoiceBranch[];
}

export interface ChoiceBranch {
  /** null, for the last branch only: otherwise. */
  readonly when: Expression | null;
  readonly run: ChoiceTargets;
}

/** Names of nodes, at least one. */
export type ChoiceTargets =
  /** One after the other: `A then B then C`. */
  | { readonly sequence: readonly string[] }
  /** The first that succeeds, each next one only when the one before failed: `A or B`. */
  | { readonly firstOf: readonly string[] };

/** Whether a name must be quoted to be the name of a node in a choice. */
export function isReservedTarget(name: string): boolean {
  return RESERVED_WORDS.has(name) || CHOICE_WORDS.has(name);
}

const CHOICE_WORDS: ReadonlySet<string> = new Set(["run", "then", "elif"]);
