import { batchOf, checkDrift, createProfiler, type DriftTest, type Profile } from "@scanflow/checks";
import { createRandom } from "@scanflow/checks/random";
import { line, median } from "../measure.ts";
import { drawColumn, LAWS, type Law } from "./draws.ts";
import { FIXED_RULES } from "./fixed-rules.ts";

const WINDOWS = [50, 200, 1_000, 10_000];
const NUMBER_TESTS: readonly DriftTest[] = [
  "ks",
  "cramer-von-mises",
  "anderson-darling",
  "wasserstein",
  "energy",
  "psi",
  "kullback-leibler",
  "jensen-shannon",
];
const TEXT_TESTS: readonly DriftTest[] = [
  "chi-square",
  "g",
  "psi",
  "kullback-leibler",
  "jensen-shannon",
  "hellinger",
  "total-variation",
  "l-infinity",
];

interface Form {
  readonly repetitions: number;
  readonly references: number;
}

const FORMS: Readonly<Record<"short" | "long", Form>> = {
  short: { repetitions: 100, references: 4 },
  long: { repetitions: 1_000, references: 20 },
};

/**
 * How often drift is told of although nothing has changed, at a nominal .05: with the reference drawn anew each time,
 * over sizes of windows; for a fixed reference, the spread over references; beside rules with fixed thresholds; and
 * how often a shift is found. `npm run bench -- alarms [long]`.
 */
export async function run(): Promise<void> {
  const form = FORMS[process.argv[3] === "long" ? "long" : "short"];
  redrawn(form);
  closer(form);
  spread(form);
  fixedThresholds(form);
  power(form);
}

/** References are of 1,000 rows, all kept, or of 5,000, of which a profile keeps its bins and a sample. */
function referenceRows(window: number): number {
  return window <= 200 ? 1_000 : 5_000;
}

function redrawn({ repetitions }: Form): void {
  line(`\nNothing has changed, reference drawn anew ${repetitions} times: share of windows at a nominal .05`);
  line("(significant / alarm: significant and an effect of at least 0.1)\n");
  line(["law", "test", ...WINDOWS.map((rows) => `${rows} rows`)].join(" | "));
  for (const law of LAWS) {
    for (const test of testsOf(law)) {
      const cells = WINDOWS.map((rows) => {
        const { significant, alarms } = rates(law, test, { rows, repetitions });
        return `${share(significant)} / ${share(alarms)}`;
      });
      line([law.name, test, ...cells].join(" | "));
    }
  }
}

/** Six times as many other windows where the table leaves it open whether alarms keep to .05. */
function closer({ repetitions }: Form): void {
  line(`\nwasserstein, 50 rows, ${6 * repetitions} other windows`);
  for (const law of LAWS.slice(0, 2)) {
    const { significant, alarms } = rates(law, "wasserstein", {
      rows: 50,
      repetitions: 6 * repetitions,
      seed: 101,
    });
    line([law.name, `${share(significant)} / ${share(alarms)}`].join(" | "));
  }
}

function testsOf({ kind, name }: Law): readonly DriftTest[] {
  if (name.includes("texts")) return TEXT_TESTS;
  return kind === "continuous" ? NUMBER_TESTS : ["ks", "chi-square", "psi", "total-variation"];
}

interface Sizes {
  readonly rows: number;
  readonly repetitions: number;
  readonly shift?: number;
  readonly seed?: number;
}

function rates(law: Law, test: DriftTest, { rows, repetitions, shift = 0, seed = 7 }: Sizes) {
  const random = createRandom(seed, `${law.name}/${rows}`);
  let significant = 0;
  let alarms = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const reference = profile(drawColumn(law, referenceRows(rows), { random }), repetition);
    const { status } = judge(reference, drawColumn(law, rows, { random, shift }), test);
    if (status !== "ok") significant += 1;
    if (status === "alarm") alarms += 1;
  }
  return { significant: significant / repetitions, alarms: alarms / repetitions };
}

function judge(reference: Profile, x: readonly (number | string)[], test: DriftTest) {
  return checkDrift(reference, batchOf({ x }), { test, simulations: 300 });
}

function profile(x: readonly (number | string)[], seed: number): Profile {
  const profiler = createProfiler({ seed });
  profiler.add(batchOf({ x }));
  return profiler.finish();
}

function spread({ references, repetitions }: Form): void {
  line(`\nA fixed reference: median (least–greatest) over ${references} references, windows of 200 rows\n`);
  line("law | test | significant");
  for (const law of LAWS) {
    const test = law.name.includes("texts") ? "chi-square" : "ks";
    const random = createRandom(11, law.name);
    const found = Array.from({ length: references }, (_, seed) => {
      const reference = profile(drawColumn(law, 1_000, { random }), seed);
      let significant = 0;
      for (let window = 0; window < repetitions / 2; window += 1) {
        if (judge(reference, drawColumn(law, 200, { random }), test).status !== "ok") significant += 1;
      }
      return significant / Math.floor(repetitions / 2);
    });
    line(
      `${law.name} | ${test} | ${share(median(found))} (${share(Math.min(...found))}–${share(Math.max(...found))})`,
    );
  }
}

function fixedThresholds({ repetitions }: Form): void {
  line(
    "\nNothing has changed, rules with fixed thresholds (see bench/alarms/fixed-rules.ts): share of windows that ring\n",
  );
  line(["law", "rule", ...WINDOWS.map((rows) => `${rows} rows`)].join(" | "));
  for (const law of LAWS.filter(({ name }) => name === "normal" || name === "log-normal")) {
    for (const rule of FIXED_RULES) {
      const cells = WINDOWS.map((rows) => {
        const random = createRandom(13, `${law.name}/${rows}`);
        let rung = 0;
        for (let repetition = 0; repetition < repetitions; repetition += 1) {
          const [before, now] = [referenceRows(rows), rows].map((size) =>
            Float64Array.from(drawColumn(law, size, { random }), Number).sort(),
          );
          if (before !== undefined && now !== undefined && rule.rings(before, now)) rung += 1;
        }
        return share(rung / repetitions);
      });
      line([law.name, rule.name, ...cells].join(" | "));
    }
  }
}

function power({ repetitions }: Form): void {
  line(
    "\nA shift by a share of the standard deviation (normal), or a share of rows turned into one text: share found",
  );
  line("(significant / alarm)\n");
  line(["law", "test", "shift", ...WINDOWS.map((rows) => `${rows} rows`)].join(" | "));
  for (const [name, test, shifts] of [
    ["normal", "ks", [0.1, 0.2, 0.5]],
    ["12 texts, falling", "chi-square", [0.05, 0.15]],
  ] as const) {
    const law = LAWS.find((each) => each.name === name);
    if (law === undefined) continue;
    for (const shift of shifts) {
      const cells = WINDOWS.map((rows) => {
        const found = rates(law, test, { rows, repetitions: Math.ceil(repetitions / 4), shift });
        return `${share(found.significant)} / ${share(found.alarms)}`;
      });
      line([law.name, test, shift, ...cells].join(" | "));
    }
  }
}

function share(value: number): string {
  return value.toFixed(3);
}
