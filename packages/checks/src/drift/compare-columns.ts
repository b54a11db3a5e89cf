import type { ColumnProfile } from "../profile/column-profile.ts";
import { describeMoments } from "../profile/moments.ts";
import type { Profile } from "../profile/profile.ts";
import { columnProfile } from "../profile/profile-parts.ts";
import {
  countsOfSides,
  countsOfSlices,
  isComplete,
  newTexts,
  type ProfiledColumn,
  valuesOfSides,
} from "./column-samples.ts";
import { compareCounts, compareValues, type Distance } from "./compare-sides.ts";
import type { DriftSettings } from "./drift-options.ts";
import { findObstacle, type Obstacle, type Presence, presenceOf } from "./drift-problem.ts";
import { automaticTest, DRIFT_TESTS, type DriftTest } from "./drift-tests.ts";
import type { DriftBasis } from "./drift-verdict.ts";
import type { WindowProfile } from "./window-profile.ts";

/** A column, or a column in one slice, compared but not yet judged. */
export interface Comparison {
  readonly name: string;
  readonly test: DriftTest | null;
  readonly distance: Distance | null;
  readonly basis: DriftBasis | null;
  readonly obstacle: Obstacle | null;
  readonly reference: Presence;
  readonly current: Presence;
  /** The chance of so different shares of missing values; null when nothing is missing. */
  readonly missing: Distance | null;
  readonly newTexts: readonly string[];
}

const NOBODY: Presence = { count: 0, missing: 0, infinite: 0 };

/** Every column of either side, and every slice that both have. */
export function compareColumns(
  reference: Profile,
  window: WindowProfile,
  settings: DriftSettings,
): Comparison[] {
  const names = new Set([
    ...reference.columns.map(({ name }) => name),
    ...window.profile.columns.map(({ name }) => name),
    ...window.obstacles.keys(),
  ]);
  const columns = [...names].map((name) => compareColumn(name, { reference, window, settings }));
  return settings.slices ? [...columns, ...compareSlices(reference, window.profile, settings)] : columns;
}

interface Sides {
  readonly reference: Profile;
  readonly window: WindowProfile;
  readonly settings: DriftSettings;
}

function compareColumn(name: string, { reference, window, settings }: Sides): Comparison {
  const known = columnProfile(reference, name);
  const now = columnProfile(window.profile, name);
  const none = {
    name,
    test: null,
    distance: null,
    basis: null,
    missing: null,
    newTexts: [],
    reference: known === undefined ? NOBODY : presenceOf(known),
    current: now === undefined ? NOBODY : presenceOf(now),
  };
  if (known === undefined) {
    const message =
      "it is not in the reference: leave it out of the window, or make the profile again with it";
    return { ...none, obstacle: { code: "unseen-column", message } };
  }
  const obstacle = window.obstacles.get(name);
  if (obstacle !== undefined) return { ...none, obstacle };
  if (now === undefined) {
    const message =
      "it is in the reference but not in the window: mend what fills the window, or make the profile without it";
    return { ...none, obstacle: { code: "missing-column", message } };
  }
  const missing = compareMissing(name, [none.reference, none.current], settings);
  const found = findObstacle(known, now, settings);
  if (found !== null) return { ...none, missing, obstacle: found };
  const compared = compareValuesOf(
    { column: known, profile: reference },
    { column: now, profile: window.profile },
    settings,
  );
  return { ...none, missing, newTexts: newTexts(known, now), ...compared };
}

type Compared = Pick<Comparison, "test" | "distance" | "basis" | "obstacle">;

function compareValuesOf(
  reference: ProfiledColumn,
  current: ProfiledColumn,
  { test: chosen, tests, simulations, seed }: Pick<DriftSettings, "test" | "tests" | "simulations" | "seed">,
): Compared {
  const { name, kind } = reference.column;
  const own = Object.hasOwn(tests, name) ? tests[name] : undefined;
  const wanted = own ?? (chosen === "auto" ? automaticTest(kind) : chosen);
  const traits = DRIFT_TESTS[wanted];
  const isNumeric = kind === "number" || kind === "time";
  // A test for all columns that does not suit this one's kind gives way; one that was named for it does not.
  if ((traits.ordered && !isNumeric && kind !== "tensor") || (traits.counts === null && !isNumeric)) {
    if (own !== undefined) return wrongTest(wanted, `it holds ${kind}s, which have no order or no distance`);
    return compareValuesOf(reference, current, { simulations, seed, test: "auto", tests: {} });
  }
  const complete = isComplete(reference.profile) && isComplete(current.profile);
  const chance = { simulations, seed, name };
  if (isNumeric && traits.values !== null && (traits.counts === null || complete)) {
    const sides = valuesOfSides(reference, current);
    const scale = spreadOf(reference.column);
    const distance = compareValues(sides, wanted, { ...chance, scale });
    return { test: wanted, distance, basis: sides.basis, obstacle: null };
  }
  const sides = countsOfSides(reference, current);
  if (sides === null) {
    return wrongTest(wanted, "the window was not profiled like the reference");
  }
  return { test: wanted, distance: compareCounts(sides, wanted, chance), basis: sides.basis, obstacle: null };
}

function wrongTest(test: DriftTest, reason: string): Compared {
  const message = `it cannot be compared by "${test}" (${reason}): choose another test, or profile the window like the reference`;
  return { test: null, distance: null, basis: null, obstacle: { code: "wrong-test", message } };
}

function spreadOf(column: ColumnProfile): number {
  if (column.kind !== "number" && column.kind !== "time") return 1;
  return describeMoments(column).sd ?? 1;
}

function compareMissing(
  name: string,
  [before, now]: readonly [Presence, Presence],
  { simulations, seed, minimumSample }: DriftSettings,
): Distance | null {
  const [rows, rowsNow] = [before.count + before.missing, now.count + now.missing];
  if (before.missing + now.missing === 0 || rows < minimumSample || rowsNow < minimumSample) return null;
  const sides = {
    kind: "counts",
    reference: Float64Array.of(before.count, before.missing),
    current: Float64Array.of(now.count, now.missing),
    basis: "all-values",
  } as const;
  return compareCounts(sides, "total-variation", { simulations, seed, name: `${name}/missing` });
}

/** Slices that have enough rows on both sides; smaller ones show nothing and are passed over. */
function compareSlices(reference: Profile, current: Profile, settings: DriftSettings): Comparison[] {
  const { minimumSample, simulations, seed } = settings;
  return reference.segmentations.flatMap(({ kind, column: by, segments }) => {
    const others = current.segmentations.find((other) => other.kind === kind && other.column === by);
    if (kind !== "slices" || others === undefined) return [];
    return segments.flatMap((slice) => {
      const now = others.segments.find(({ value }) => value === slice.value);
      if (now === undefined) return [];
      return slice.columns.flatMap((column): Comparison[] => {
        const other = now.columns.find(({ name }) => name === column.name);
        if (other === undefined || column.name === by) return [];
        const [before, after] = [presenceOf(column), presenceOf(other)];
        const sides = countsOfSlices(column, other);
        if (sides === null || before.count < minimumSample || after.count < minimumSample) return [];
        const name = `${column.name} [${by}=${slice.value}]`;
        const test = automaticTest(column.kind);
        return [
          {
            name,
            test,
            distance: compareCounts(sides, test, { simulations, seed, name }),
            basis: sides.basis,
            obstacle: null,
            reference: before,
            current: after,
            missing: null,
            newTexts: [],
          },
        ];
      });
    });
  });
}
