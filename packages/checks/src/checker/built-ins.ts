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
};
