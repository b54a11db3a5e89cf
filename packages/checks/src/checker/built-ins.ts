import type { BuiltIn } from "./built-in.ts";

/** The checkers that come with this package, by name: `scanflow check --check NAME`, `checker("…", { check: NAME })`. */
export const BUILT_INS: Readonly<Record<string, BuiltIn>> = {
  drift: {
    description: "which columns are spread otherwise than in the reference",
    params: {
      significance: "share of false alarms asked for, between 0 and 1 (0.05)",
      minimumEffect: "least effect that is worth an alarm, 0 to 1 (0.1)",
      minimumSample: "fewest values a column must have on either side (30)",
      correction: "how the number of columns is paid for: benjamini-hochberg, holm, bonferroni",
      constantColumns: "of a column that is constant in the reference: invalid or compare",
    },
    needsReference: true,
    load: async () => (await import("../drift/drift-checker.ts")).driftChecker,
  },
  importance: {
    description: "whether the model rests on other features than it did, by tables of attributions",
    params: {
      minimumGain: "least agreement of the orders of features, 0 to 1 (0.9)",
      significance: "share of false alarms asked for, between 0 and 1 (0.05)",
      repeats: "shuffles of the permutation test (499)",
      minimumSample: "fewest rows on either side (30)",
      columns: "which columns hold attributions (all numbers)",
      model: "text of a LightGBM file, where the tables hold features and not attributions",
    },
    needsReference: true,
    load: async () => (await import("../explain/importance/importance-checker.ts")).importanceChecker,
  },
};
