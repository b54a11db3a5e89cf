import { availableParallelism } from "node:os";
import { createRandom, drawRows, type Random } from "@scanflow/checks/random";
import { createOnnxRuntime } from "scanflow/inference";
import { line, mean } from "../measure.ts";
import { type DigitFeatures, learnFeatures } from "./digit-features.ts";
import { DIGIT_SHIFTS } from "./digit-shifts.ts";
import { type Digits, readMnist, takePixels } from "./mnist.ts";
import { type Answers, METHODS, type Method, prepareTests, type Window } from "./shift-tests.ts";

const SHARES = [0.1, 0.5, 1];

interface Form {
  readonly sizes: readonly number[];
  readonly runs: number;
  /** Windows without a shift, by size. */
  readonly quiet: number;
  /** Windows drawn from the reference, by size. */
  readonly draws: number;
  readonly epochs: number;
}

const FORMS: Readonly<Record<"short" | "usual" | "long", Form>> = {
  short: { sizes: [10, 50, 200, 1_000], runs: 5, quiet: 100, draws: 400, epochs: 5 },
  usual: { sizes: [10, 20, 50, 100, 200, 500, 1_000], runs: 20, quiet: 400, draws: 1_000, epochs: 12 },
  long: {
    sizes: [10, 20, 50, 100, 200, 500, 1_000, 10_000],
    runs: 50,
    quiet: 1_000,
    draws: 2_000,
    epochs: 12,
  },
};

export interface LoudlyOptions {
  readonly form: keyof typeof FORMS;
  /** Windows come from training images that nothing was learnt from: for choosing settings before tests are seen. */
  readonly tuning: boolean;
}

/** A shift of one kind and strength, at one share of the rows. */
interface Scenario {
  readonly name: string;
  readonly strength: string;
  window(rows: number, random: Random): Window;
}

/**
 * How often a shift of MNIST images is found, by the size of the window, in the protocol of Failing Loudly
 * (Rabanser et al., NeurIPS 2019): a classifier learns from half of the training images, 10,000 others are the
 * reference, windows are of test images.
 */
export async function failingLoudly({ form, tuning }: LoudlyOptions): Promise<void> {
  const { sizes, runs, quiet, draws, epochs } = FORMS[form];
  const runtime = createOnnxRuntime({ threads: Math.min(4, availableParallelism()) });
  const parts = splitTraining(readMnist("train"), tuning);
  const maker = await learnFeatures({ runtime, ...parts.learning, epochs, detectorRows: 10_000 });
  const tests = prepareTests(await maker.of(parts.reference.pixels));
  const fresh = await maker.of(parts.fresh.pixels);
  const shown = tuning ? parts.tuning : readMnist("t10k");
  const clean = await maker.of(shown.pixels);
  const spoilt: DigitFeatures[] = [];
  for (const { apply } of DIGIT_SHIFTS) spoilt.push(await maker.of(apply(shown.pixels)));
  await maker.close();
  await runtime.close();

  const right = clean.predicted.filter((label, row) => label === shown.labels[row]).length / clean.rows;
  line(
    `\nFailing Loudly on MNIST${tuning ? ", tuning images" : ""}: the classifier is right on ${percent(right)} %`,
  );
  const scenarios = scenariosOf(clean, spoilt, shown);
  const cells: Cell[] = [];
  const quietRates: Rates[] = [];
  const quietTest: Rates[] = [];
  for (const rows of sizes) {
    const judge = tests.calibrate(rows, draws);
    const random = createRandom(23, `windows/${rows}`);
    const rate = (count: number, draw: () => Window) =>
      ratesOf(Array.from({ length: count }, () => judge(draw())));
    const drawFrom = (from: DigitFeatures) => () => [{ from, rows: drawRows(from.rows, rows, random) }];
    quietRates.push(rate(quiet, drawFrom(fresh)));
    quietTest.push(rate(quiet, drawFrom(clean)));
    for (const scenario of scenarios) {
      cells.push({ ...scenario, rows, rates: rate(runs, () => scenario.window(rows, random)) });
    }
  }

  line(
    `reference 10,000 images, significance .05, ${draws} windows drawn from the reference, ${runs} runs a cell\n`,
  );
  bySize(sizes, { cells, quietRates, quietTest, quiet, tuning });
  byShift(cells);
  differences(cells);
}

interface Cell extends Scenario {
  readonly rows: number;
  readonly rates: Rates;
}

type Rates = Readonly<Record<Method, number>>;

function ratesOf(answers: readonly Answers[]): Rates {
  const share = (method: Method) => answers.filter((each) => each[method]).length / answers.length;
  return {
    "softmax, Bonferroni": share("softmax, Bonferroni"),
    "softmax, simulated": share("softmax, simulated"),
    combined: share("combined"),
  };
}

/** Half to learn from; of the other half the reference, images for false alarms, and, when asked, for tuning. */
function splitTraining(train: Digits, tuning: boolean) {
  const order = drawRows(train.rows, train.rows, createRandom(29, "split"));
  const part = (from: number, to: number): Digits => {
    const rows = order.subarray(from, to);
    const labels = Uint8Array.from(rows, (row) => train.labels[row] as number);
    return { rows: rows.length, pixels: takePixels(train.pixels, rows), labels };
  };
  return {
    learning: part(0, 30_000),
    reference: part(30_000, 40_000),
    fresh: part(40_000, tuning ? 50_000 : 60_000),
    tuning: part(50_000, 60_000),
  };
}

function scenariosOf(clean: DigitFeatures, spoilt: readonly DigitFeatures[], { labels }: Digits): Scenario[] {
  const zeros = Array.from(labels.keys()).filter((row) => labels[row] === 0);
  const others = Array.from(labels.keys()).filter((row) => labels[row] !== 0);
  const spoiling = DIGIT_SHIFTS.flatMap(({ name, strength }, at) =>
    SHARES.map((share) => ({
      name: `${name}, ${percent(share)} % of rows`,
      strength,
      window(rows: number, random: Random): Window {
        const chosen = drawRows(clean.rows, rows, random);
        const changed = Math.round(share * rows);
        return [
          { from: spoilt[at] as DigitFeatures, rows: chosen.subarray(0, changed) },
          { from: clean, rows: chosen.subarray(changed) },
        ];
      },
    })),
  );
  const knocking = SHARES.map((share, at) => ({
    name: "zeros left out",
    strength: `${["small", "medium", "large"][at]}`,
    window(rows: number, random: Random): Window {
      const kept = Array.from(
        drawRows(zeros.length, Math.round((1 - share) * zeros.length), random),
        (place) => zeros[place] as number,
      );
      const left = [...others, ...kept];
      const places = drawRows(left.length, Math.min(rows, left.length), random);
      return [{ from: clean, rows: Int32Array.from(places, (place) => left[place] as number) }];
    },
  }));
  return [...spoiling, ...knocking];
}

interface BySize {
  readonly cells: readonly Cell[];
  readonly quietRates: readonly Rates[];
  readonly quietTest: readonly Rates[];
  readonly quiet: number;
  readonly tuning: boolean;
}

function bySize(sizes: readonly number[], { cells, quietRates, quietTest, quiet, tuning }: BySize): void {
  heading(["share of windows that ring", "method", ...sizes.map((rows) => `${rows}`)]);
  const table = (name: string, rates: (method: Method, rows: number, at: number) => number) => {
    for (const method of METHODS) {
      row([name, method, ...sizes.map((rows, at) => rates(method, rows, at).toFixed(3))]);
    }
  };
  const rateAt = (rates: readonly Rates[], at: number, method: Method) => rates[at]?.[method] ?? Number.NaN;
  table(`false alarms: ${quiet} windows of other training images`, (method, _, at) =>
    rateAt(quietRates, at, method),
  );
  table(`${quiet} windows of ${tuning ? "tuning" : "test"} images as they are`, (method, _, at) =>
    rateAt(quietTest, at, method),
  );
  table("shifted, mean over all shifts", (method, rows) =>
    mean(cells.filter((cell) => cell.rows === rows).map(({ rates }) => rates[method])),
  );
  line("");
}

function byShift(cells: readonly Cell[]): void {
  heading(["shifted, mean over all sizes", "strength", ...METHODS]);
  const names = new Set(cells.map(({ name, strength }) => `${name}|${strength}`));
  for (const key of names) {
    const own = cells.filter(({ name, strength }) => `${name}|${strength}` === key);
    row([
      ...key.split("|"),
      ...METHODS.map((method) => mean(own.map(({ rates }) => rates[method])).toFixed(3)),
    ]);
  }
  line("");
}

/** Of the detection rate, cell by cell, with the intervals that resampling gives: of cells, and of whole shifts. */
function differences(cells: readonly Cell[]): void {
  const [baseline] = METHODS;
  for (const method of METHODS.slice(1)) {
    const less = ({ rates }: Cell) => rates[method] - rates[baseline];
    const each = cells.map(less);
    const byName = Map.groupBy(cells, ({ name, strength }) => `${name}|${strength}`);
    const whole = [...byName.values()].map((own) => mean(own.map(less)));
    line(
      `${method} less ${baseline}: mean over ${cells.length} cells ${signed(mean(each))}, ` +
        `95 % interval by cells ${interval(each, method)}, by whole shifts ${interval(whole, method)}; ` +
        `better in ${each.filter((one) => one > 0).length} cells, worse in ${each.filter((one) => one < 0).length}`,
    );
  }
}

/** Percentiles of the means of 10,000 resamplings. */
function interval(values: readonly number[], stream: string): string {
  const random = createRandom(31, stream);
  const means = Array.from({ length: 10_000 }, () =>
    mean(values.map(() => values[random.below(values.length)] as number)),
  ).sort((a, b) => a - b);
  return `${signed(means[249] ?? Number.NaN)} to ${signed(means[9_749] ?? Number.NaN)}`;
}

function heading(cells: readonly string[]): void {
  row(cells);
  row(cells.map(() => "---"));
}

function row(cells: readonly string[]): void {
  line(`| ${cells.join(" | ")} |`);
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))}`;
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(3)}`;
}
