import type { Figure } from "@scanflow/checks";

/** What a model's answers rest on. */
export interface Explanation {
  readonly method: "tree-path-dependent" | "tree-interventional" | "kernel";
  /** Rows that were explained. */
  readonly rows: number;
  readonly outputs: number;
  /** Features with their mean absolute contribution, the most important first. */
  readonly importance: readonly { readonly feature: string; readonly importance: number }[];
  readonly row: RowExplanation | null;
  readonly figures: readonly Figure[];
}

/** Why one row got its answer. */
export interface RowExplanation {
  readonly row: number;
  readonly output: number;
  /** In the unit of the contributions: the score of trees, the answer of other models. */
  readonly base: number;
  readonly answer: number;
  readonly contributions: readonly {
    readonly feature: string;
    /** null where it is missing. */
    readonly value: number | string | null;
    readonly contribution: number;
  }[];
}
