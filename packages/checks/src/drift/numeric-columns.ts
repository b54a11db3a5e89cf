/**
 * The values of one column by row. `null`, `undefined` and NaN all count as missing: a plain array of numbers has
 * no other way to say it.
 */
export type NumericColumn = ArrayLike<number | null>;

/** Columns of one table by name, all of one length. */
export type NumericColumns = Readonly<Record<string, NumericColumn>>;
