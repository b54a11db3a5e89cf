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
    load: async () => {
      const { explainedDrift } = await import("../explain/drift/explained-drift.ts");
      return explainedDrift((await import("../drift/drift-checker.ts")).driftChecker);
    },
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
  detector: {
    description:
      "whether more rows are unusual than in the reference, by an autoencoder or a simpler detector",
    params: {
      detector: "path of a saved detector; without it one is fitted to the reference",
      kind: "autoencoder (default), pca or neighbours",
      columns: "which columns to read (all)",
      image: "[height, width] or [channels, height, width] where the columns are pixels",
      threshold: "score from which a row counts as unusual, between 0 and 1 (0.95)",
      significance: "share of false alarms asked for, between 0 and 1 (0.05)",
      minimumEffect: "least excess share of unusual rows that is worth an alarm (0.05)",
      minimumSample: "fewest rows that are judged (1)",
      worst: "how many of the most unusual rows are shown (8)",
      id: "column that names the rows in the evidence (their numbers)",
    },
    needsReference: false,
    load: async () => (await import("../detector/check/detector-checker.ts")).detectorChecker,
  },
};
