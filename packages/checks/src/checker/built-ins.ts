import type { BuiltIn } from "./built-in.ts";

/** Which columns hold what: the same for all checkers of a model. */
const ROLES = {
  label: "column of the true class or value",
  prediction: "column of what the model chose (by the probabilities)",
  probabilities: "column of the positive class's probability, or an object of columns by class",
  task: "classification (default) or regression",
  positive: "the class that is looked for, of two",
  weight: "column of how much a row counts (1 each)",
  threshold: "probability from which on the positive class is predicted, 0 to 1 (0.5)",
};

/** The checkers that come with this package, by name: `scanflow check --check NAME`, `checker("…", { check: NAME })`. */
export const BUILT_INS: Readonly<Record<string, BuiltIn>> = {
  drift: {
    description:
      "which columns, slices and shares of missing values differ from the reference by more than chance",
    params: {
      significance: "share of false alarms asked for, between 0 and 1 (0.05)",
      minimumEffect: "least effect that is worth an alarm, 0 or more (0.1)",
      minimumMissing: "least change of the share of missing values that is worth an alarm, 0 to 1 (0.05)",
      minimumSample: "fewest values a column must have on either side (30)",
      correction: "how the number of columns is paid for: benjamini-hochberg, holm, bonferroni",
      constantColumns: "of a column that is constant in the reference: invalid or compare",
      test: "auto, ks, cramer-von-mises, anderson-darling, wasserstein, energy, chi-square, g, psi, jensen-shannon, kullback-leibler, hellinger, total-variation, l-infinity",
      tests: "a test by column name, where it is another one",
      simulations: "most draws of a p value (1,000)",
      slices: "whether slices that both sides have are judged as well (true)",
      seed: "of the draws (1)",
    },
    needsReference: true,
    load: async () => {
      const { explainedDrift } = await import("../explain/drift/explained-drift.ts");
      return explainedDrift((await import("../drift/drift-checker.ts")).driftChecker);
    },
  },
  integrity: {
    description:
      "whether the data keep the rules of a schema: types, ranges, categories, missing, duplicates",
    params: {
      schema: "a schema document (inferred from the reference)",
      label: "column to be predicted, where the schema is inferred",
    },
    needsReference: false,
    load: async () => (await import("../validation/integrity-checker.ts")).integrityChecker,
  },
  sanity: {
    description:
      "whether data are fit to learn from and to be judged on: leaks, ids, copies, rare classes, holes",
    params: {
      label: "column to be predicted",
      task: "auto (default), classification or regression",
      ids: "columns that name rows or persons: none may be in the reference, too",
      groups: "columns of groups, or lists of columns for their combinations, that must have rows enough",
      minimumSkill: "how well one column alone tells the label, 0 (chance) to 1, that is a warning (0.9)",
      alarmSkill: "skill that its interval must exceed for an alarm (0.95)",
      nearConstant: "share of one value from which a column says nothing (0.99)",
      minimumRatio: "of the rows of a class to those of the commonest (0.1)",
      minimumGroup: "fewest rows of a class or group (30)",
      copy: "correlation or Cramér's V from which columns are the same (0.99)",
      minimumChange: "least change of a correlation or Cramér's V that is worth telling (0.2)",
      minimumRegion: "least share of rows in a region that one side lacks (0.01)",
      alarmRegion: "share of rows in such a region that is an alarm (0.05)",
      maximumDuplicates: "greatest share of rows that repeat an earlier one (0.05)",
      maximumConflicts: "greatest share of rows that contradict an earlier one (0.01)",
      significance: "share of false alarms asked for, between 0 and 1 (0.05)",
    },
    needsReference: false,
    load: async () => (await import("../validation/sanity/sanity-checker.ts")).sanityChecker,
  },
  performance: {
    description: "whether the model does worse than it did, or than it must, on rows with labels",
    params: {
      ...ROLES,
      metrics: "which figures, such as accuracy, f1Macro, rocAuc, mae (the usual ones of the task)",
      slices: "columns whose values are judged apart as well, such as city (none)",
      thresholds: 'what they must keep, such as {"accuracy": {"min": 0.8}}',
      minimumDrop: "least loss of a share that is worth an alarm (0.02)",
      minimumIncrease: "least relative rise of an error that is worth an alarm (0.1)",
      significance: "share of false alarms asked for, between 0 and 1 (0.05)",
      minimumSample: "fewest labelled rows on either side (30)",
    },
    needsReference: false,
    load: async () => (await import("../performance/checker/performance-checker.ts")).performanceChecker,
  },
  "estimated-performance": {
    description: "how well the model does before labels come, by its probabilities (CBPE)",
    params: {
      ...ROLES,
      metrics: "which figures are estimated (accuracy, and rocAuc of two classes)",
      calibration: "auto (default), isotonic, platt or none",
      deviations: "standard deviations of the reference's chunks that are worth an alarm (3)",
      minimumDrop: "least loss that is worth an alarm (0.02)",
      minimumSample: "fewest rows on either side (300)",
    },
    needsReference: true,
    load: async () =>
      (await import("../performance/checker/estimated-performance-checker.ts")).estimatedPerformanceChecker,
  },
  calibration: {
    description: "whether the model's probabilities hold, on rows with labels",
    params: {
      ...ROLES,
      bins: "of the reliability diagram (10)",
      strategy: "of the bins: quantile (default) or uniform",
      minimumError: "least calibration error that is worth an alarm (0.03)",
      significance: "share of false alarms asked for, between 0 and 1 (0.05)",
      minimumSample: "fewest labelled rows (100)",
    },
    needsReference: false,
    load: async () => (await import("../performance/checker/calibration-checker.ts")).calibrationChecker,
  },
  skew: {
    description: "whether features of the same rows differ between training and service",
    params: {
      id: "column that names the rows",
      columns: "which columns to compare (all of the reference)",
      tolerance: "of numbers, relative (0: exactly equal)",
      maximumMismatch: "share of differing values above which it is an alarm (0.01)",
      minimumSample: "fewest rows on both sides (30)",
    },
    needsReference: true,
    load: async () => (await import("../performance/checker/skew-checker.ts")).skewChecker,
  },
  "prediction-drift": {
    description: "whether a model answers otherwise than in the reference; no labels are needed",
    params: {
      ...ROLES,
      significance: "share of false alarms asked for, between 0 and 1 (0.05)",
      minimumEffect: "least effect that is worth an alarm, 0 to 1 (0.1)",
      minimumSample: "fewest rows on either side (30)",
    },
    needsReference: true,
    load: async () =>
      (await import("../performance/checker/prediction-drift-checker.ts")).predictionDriftChecker,
  },
  slices: {
    description: "on what part of the rows a model errs more",
    params: {
      ...ROLES,
      columns: "which columns to slice by (all that are no answers)",
      loss: "error, log-loss or brier of classes; absolute-error or squared-error of values",
      depth: "most conditions of a slice, 1 to 3 (2)",
      bins: "parts a column of numbers is cut into (4)",
      levels: "most values of a text with a part of their own (50)",
      minimumSupport: "fewest rows of a slice (a hundredth, 32 at least)",
      minimumEffect: "least effect size of a slice (0.2)",
      alarmEffect: "effect size that is an alarm (0.5)",
      significance: "share of false finds asked for, between 0 and 1 (0.05)",
      limit: "most slices named (10)",
    },
    needsReference: false,
    load: async () => (await import("../slices/checker/slices-checker.ts")).slicesChecker,
  },
  fairness: {
    description: "whether a model treats groups of people otherwise than others",
    params: {
      ...ROLES,
      groups: "columns of groups, or lists of columns for their combinations",
      privileged: 'the group that others are compared with, such as {"sex": "Male"} (the largest)',
      measures: "demographicParity, disparateImpact, equalOpportunity, equalisedOdds, predictiveParity (all)",
      maximumGap: "least difference that is an alarm (0.1)",
      minimumRatio: "least ratio that is none (0.8)",
      minimumSample: "fewest rows of a group that is judged (100)",
      minimumCases: "fewest rows that a share is of (30)",
      confidence: "of all intervals together (0.95)",
    },
    needsReference: false,
    load: async () => (await import("../slices/checker/fairness-checker.ts")).fairnessChecker,
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
      kind: "autoencoder (default), pca or neighbours; scanflow-2021, the original detector, for comparison",
      architecture:
        "of the autoencoder: dense (default), convolutional, or {encoder, decoder}, lists of layers",
      steps: "steps of its training, of at most 128 rows (1500)",
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
  shift: {
    description:
      "whether a window as a whole differs from the reference, where no column alone may: answers, images, what goes together",
    params: {
      ...ROLES,
      columns: "which columns to look at (all that are no answers)",
      detector: "path of a saved detector to look with",
      kind: "autoencoder, pca or neighbours: fit one to half of the reference (for images and tensors: autoencoder); or none",
      image: "[height, width] or [channels, height, width] where the columns are pixels",
      significance: "share of false alarms asked for, above 0, at most 0.5 (0.05)",
      minimumEffect: "least effect beyond chance that is worth an alarm, 0 to 1 (0.1)",
      minimumSample: "fewest rows of a window (10)",
      simulations: "windows drawn from the reference, 100 to 10,000 (1,000)",
    },
    needsReference: true,
    load: async () => (await import("../shift/shift-checker.ts")).shiftChecker,
  },
  poison: {
    description: "whether labels were flipped or rows injected, by their neighbours in a trusted reference",
    params: {
      label: "the column of labels",
      neighbours: "nearest rows that are asked (10)",
      significance: "share of false alarms asked for, between 0 and 1 (0.05)",
      minimumShare: "least share of tampered rows that is worth an alarm, 0 to 1 (0.01)",
      sampleSize: "rows of either side that are looked at (3000)",
    },
    needsReference: true,
    load: async () => (await import("../validation/poison/poison-checker.ts")).poisonChecker,
  },
  "stream-detector": {
    description: "whether a column changes from some row on, by a detector that reads row by row",
    params: {
      detector: "adwin, page-hinkley, cusum, ddm, eddm, hddm-a, hddm-w or kswin",
      column: "the column to watch: numbers, or true and false for ddm, eddm, hddm-a and hddm-w",
      options: "settings of the detector ({})",
    },
    needsReference: false,
    load: async () => (await import("../stream/stream-checker.ts")).streamDetectorChecker,
  },
  "model-tests": {
    description: "whether a model passes the tests of a file: figures, slices, invariance, latency",
    params: { tests: "the document of the tests, as --model-tests or the input tests names its file" },
    needsReference: false,
    asksPredictor: true,
    load: async () => (await import("./model-tests/model-tests-checker.ts")).modelTestsChecker,
  },
};
