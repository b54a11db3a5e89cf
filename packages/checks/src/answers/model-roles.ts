/** Which columns of a table hold what a model should have said and what it did say. */
export interface ModelRoles {
  /** The true class or value; leave out where it is not known yet. */
  readonly label?: string | undefined;
  /** The class or value the model chose; default: by `probabilities`. */
  readonly prediction?: string | undefined;
  /**
   * The model's probabilities: one column, of the positive class of two, or a column by class, such as
   * `{ cat: "p_cat", dog: "p_dog" }`. A positive class of one column needs `positive`, or to be called 1 or true.
   */
  readonly probabilities?: string | Readonly<Record<string, string>> | undefined;
  readonly task: "classification" | "regression";
  /** The class that is looked for, of two: precision, recall, ROC and fairness are about it. */
  readonly positive?: string | undefined;
  /** How much a row counts, 0 or more; default 1 each. */
  readonly weight?: string | undefined;
  /** From which positive probability on the positive class is predicted, where no `prediction` is given; default .5. */
  readonly threshold?: number | undefined;
}

/** The columns that `roles` names: they are answers, not features. */
export function roleColumns({ label, prediction, probabilities, weight }: ModelRoles): string[] {
  const given = typeof probabilities === "object" ? Object.values(probabilities) : [probabilities];
  return [label, prediction, ...given, weight].filter((name) => name !== undefined);
}
