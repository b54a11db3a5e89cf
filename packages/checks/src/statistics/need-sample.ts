import { ChecksError } from "../errors.ts";

/** Two samples' rows by bin or category, each with at least one row. @throws ChecksError SCANFLOW_SAMPLE_INVALID */
export function needCounts(first: ArrayLike<number>, second: ArrayLike<number>): void {
  if (first.length !== second.length) {
    throw refused(
      `The first sample has ${first.length} counts and the second ${second.length}`,
      "count both in the same bins or categories",
    );
  }
  for (const [name, counts] of [["first", first] as const, ["second", second] as const]) {
    let total = 0;
    for (let bin = 0; bin < counts.length; bin += 1) {
      needCount(counts[bin] as number, `Count ${bin} of the ${name} sample`);
      total += counts[bin] as number;
    }
    if (total === 0) throw refused(`The ${name} sample counts no row`, "give it at least one");
  }
}

/** @throws ChecksError SCANFLOW_SAMPLE_INVALID when it is no whole number from 0 */
export function needCount(count: number, place: string): void {
  if (Number.isSafeInteger(count) && count >= 0) return;
  throw refused(`${place} is ${count}`, "give numbers of rows: whole, 0 or more");
}

/** Twice the distance of two such values is still a number. */
const FARTHEST = Number.MAX_VALUE / 4;

/** A copy of a sample of finite numbers. @throws ChecksError SCANFLOW_SAMPLE_INVALID */
export function needValues(values: ArrayLike<number>, name: string): Float64Array {
  if (values.length === 0) throw refused(`The ${name} sample is empty`, "give it at least one value");
  const copy = Float64Array.from(values);
  const bad = copy.findIndex((value) => !(Math.abs(value) <= FARTHEST));
  if (bad < 0) return copy;
  const action = Number.isFinite(copy[bad])
    ? "leave out values that are too large for a distance to be taken"
    : "leave missing and infinite values out before testing";
  throw refused(`Value ${bad} of the ${name} sample is ${copy[bad]}`, action);
}

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when it is no whole number in this range */
export function needWhole(value: number, name: string, [least, most]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `"${name}" is ${value}: give a whole number from ${least} to ${most}.`,
  );
}

/** The distance of this name. @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID for an unknown one */
export function needDistance<Name extends string, Distance>(
  known: Readonly<Record<Name, Distance>>,
  name: Name,
): Distance {
  if (Object.hasOwn(known, name)) return known[name];
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `"distance" is "${name}": give one of ${Object.keys(known).join(", ")}.`,
  );
}

/** A refused sample. */
export function refused(problem: string, action: string): ChecksError {
  return new ChecksError("SCANFLOW_SAMPLE_INVALID", `${problem}: ${action}.`);
}
