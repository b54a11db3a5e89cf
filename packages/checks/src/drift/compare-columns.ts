import type { ColumnProfile } from "../profile/column-profile.ts";
import type { Profile } from "../profile/profile.ts";
import { columnProfile } from "../profile/profile-parts.ts";
import { countsOfSlices, newTexts, type ProfiledColumn, sidesFor } from "./column-samples.ts";
import { chanceOf, compareSides, type Distance } from "./compare-sides.ts";
import type { DriftSettings } from "./drift-options.ts";
import { findObstacle, type Obstacle, type Presence, presenceOf } from "./drift-problem.ts";
import { automaticTest, DRIFT_TESTS, type DriftTest, suits } from "./drift-tests.ts";
import type { DriftBasis } from "./drift-verdict.ts";
import type { WindowProfile } from "./window-profile.ts";

/** A column, or a column in one slice, compared but not yet judged. */
export interface Comparison {
  readonly name: string;
  /** Whether it is a column in one slice. */
  readonly slice: boolean;
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

/**
 * Every column of either side, and every slice that both have. The times by which the reference is divided into buckets
 * are left out: a later window has later ones, which is no drift.
 */
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
  const clocks = clocksOf(reference);
  for (const clock of clocks) if (columnProfile(window.profile, clock) !== undefined) names.delete(clock);
  const columns = [...names].map((name) => compareColumn(name, { reference, window, settings }));
  return settings.slices ? [...columns, ...compareSlices(reference, window.profile, settings)] : columns;
}

function clocksOf({ segmentations }: Profile): Set<string> {
  return new Set(segmentations.filter(({ kind }) => kind === "buckets").map(({ column }) => column));
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
    slice: false,
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
  const compared = compareByTest(
    { column: known, profile: reference },
    { column: now, profile: window.profile },
    settings,
  );
  return { ...none, missing, newTexts: newTexts(known, now), ...compared };
}

type Compared = Pick<Comparison, "test" | "distance" | "basis" | "obstacle">;

function compareByTest(
  reference: ProfiledColumn,
  current: ProfiledColumn,
  settings: DriftSettings,
): Compared {
  const { name, kind } = reference.column;
  const test = chooseTest(reference.column, settings);
  if (!suits(test, kind)) return wrongTest(test, `it holds ${kind}s, which have no order or no distance`);
  const sides = sidesFor(DRIFT_TESTS[test], reference, current);
  if (sides === null) return wrongTest(test, "the window was not profiled like the reference");
  return {
    test,
    distance: compareSides(sides, test, chanceOf(name, settings)),
    basis: sides.basis,
    obstacle: null,
  };
}

/** A test for all columns gives way where it does not suit; one that was named for the column does not. */
function chooseTest(
  { name, kind }: Pick<ColumnProfile, "name" | "kind">,
  { test, tests }: DriftSettings,
): DriftTest {
  const own = Object.hasOwn(tests, name) ? tests[name] : undefined;
  if (own !== undefined) return own;
  return test !== "auto" && suits(test, kind) ? test : automaticTest(kind);
}

function wrongTest(test: DriftTest, reason: string): Compared {
  const message = `it cannot be compared by "${test}" (${reason}): choose another test, or profile the window like the reference`;
  return { test: null, distance: null, basis: null, obstacle: { code: "wrong-test", message } };
}

function compareMissing(
  name: string,
  [before, now]: readonly [Presence, Presence],
  settings: DriftSettings,
): Distance | null {
  const { minimumSample } = settings;
  const [rows, rowsNow] = [before.count + before.missing, now.count + now.missing];
  if (before.missing + now.missing === 0 || rows < minimumSample || rowsNow < minimumSample) return null;
  const sides = {
    kind: "counts",
    reference: Float64Array.of(before.count, before.missing),
    current: Float64Array.of(now.count, now.missing),
    basis: "all-values",
  } as const;
  return compareSides(sides, "total-variation", chanceOf(`${name}/missing`, settings));
}

/**
 * Slices that have enough rows on both sides; smaller ones show nothing and are passed over. They are counted, not kept:
 * where the column's test needs values the automatic one takes its place.
 */
function compareSlices(reference: Profile, current: Profile, settings: DriftSettings): Comparison[] {
  const { minimumSample } = settings;
  const clocks = clocksOf(reference);
  return reference.segmentations.flatMap(({ kind, column: by, segments }) => {
    const others = current.segmentations.find((other) => other.kind === kind && other.column === by);
    if (kind !== "slices" || others === undefined) return [];
    return segments.flatMap((slice) => {
      const now = others.segments.find(({ value }) => value === slice.value);
      if (now === undefined) return [];
      return slice.columns.flatMap((column): Comparison[] => {
        const other = now.columns.find(({ name }) => name === column.name);
        if (other === undefined || column.name === by || clocks.has(column.name)) return [];
        const [before, after] = [presenceOf(column), presenceOf(other)];
        const sides = countsOfSlices(column, other);
        if (sides === null || before.count < minimumSample || after.count < minimumSample) return [];
        const name = `${column.name} [${by}=${slice.value}]`;
        const chosen = chooseTest(column, settings);
        const test =
          suits(chosen, column.kind) && DRIFT_TESTS[chosen].counts ? chosen : automaticTest(column.kind);
        return [
          {
            name,
            slice: true,
            test,
            distance: compareSides(sides, test, chanceOf(name, settings)),
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
