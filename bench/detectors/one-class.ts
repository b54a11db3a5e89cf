import { availableParallelism } from "node:os";
import { type DetectorKind, fitDetector } from "@scanflow/checks/detector";
import { createOnnxRuntime } from "scanflow/inference";
import { line, median } from "../measure.ts";
import { auc } from "./auc.ts";
import { type Digits, imagesOf, readMnist, rowsWhere } from "./mnist.ts";

interface Contender {
  readonly name: string;
  readonly kind: DetectorKind;
  /** false: the pixels as plain numbers. */
  readonly image?: false;
}

/** The default first; all with the settings that `fitDetector` has for everyone. */
const contenders: readonly Contender[] = [
  { name: "autoencoder (default)", kind: "autoencoder" },
  { name: "neighbours, images", kind: "neighbours" },
  { name: "PCA, images", kind: "pca" },
  { name: "neighbours, plain numbers", kind: "neighbours", image: false },
  { name: "PCA, plain numbers", kind: "pca", image: false },
];

/** One contender, fitted to one digit by one seed. */
interface Result {
  readonly auc: number;
  /** Share of test images of the digit itself above the score 0.95. */
  readonly falsePositives: number;
  readonly fitMs: number;
  readonly rowsPerSecond: number;
}

/**
 * One-class MNIST: a detector learns one digit from all its training images and scores all test images; AUC of the
 * other digits against it, mean over ten digits. Test labels are read after the last score.
 */
export async function oneClass({ short }: { readonly short: boolean }): Promise<void> {
  const digits = short ? [3, 5, 8] : [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const seeds = short ? [1] : [1, 2, 3];
  const train = readMnist("train");
  const test = readMnist("t10k");
  const threads = Math.min(4, availableParallelism());
  const runtime = createOnnxRuntime({ threads });
  line(
    `One-class MNIST: digits ${digits.join(" ")}, seeds ${seeds.join(" ")}, ${threads} threads, ${test.rows} test images`,
  );
  line("");
  line(`| detector | mean AUC (by seed) | ${digits.join(" | ")} | above 0.95 | fit, s | rows/s |`);
  line(`| --- | --- |${" --- |".repeat(digits.length)} --- | --- | --- |`);
  for (const contender of contenders) {
    const results: Result[][] = [];
    for (const seed of seeds) {
      const row: Result[] = [];
      for (const digit of digits) row.push(await tryDigit({ contender, digit, seed, train, test, runtime }));
      results.push(row);
    }
    line(rowOf(contender.name, results));
  }
  line("");
  line(
    "Published, same protocol: Deep SVDD .948, one-class SVM .913, convolutional autoencoder .897 (Ruff et al., ICML 2018).",
  );
  await runtime.close();
}

interface Trial {
  readonly contender: Contender;
  readonly digit: number;
  readonly seed: number;
  readonly train: Digits;
  readonly test: Digits;
  readonly runtime: ReturnType<typeof createOnnxRuntime>;
}

async function tryDigit({ contender, digit, seed, train, test, runtime }: Trial): Promise<Result> {
  const { kind, image } = contender;
  const reference = imagesOf(
    train.pixels,
    rowsWhere(train.labels, (label) => label === digit),
  );
  const start = performance.now();
  const detector = await fitDetector(reference, { runtime, kind, seed, ...(image === false && { image }) });
  const fitted = performance.now();
  const { score, surprise } = await detector.score(
    imagesOf(
      test.pixels,
      Array.from({ length: test.rows }, (_, row) => row),
    ),
  );
  const scored = performance.now();
  await detector.close();
  const own = score.filter((_, row) => test.labels[row] === digit);
  return {
    auc: auc(surprise, (row) => test.labels[row] !== digit),
    falsePositives: own.filter((one) => one > 0.95).length / own.length,
    fitMs: fitted - start,
    rowsPerSecond: (1000 * test.rows) / (scored - fitted),
  };
}

function rowOf(name: string, results: readonly (readonly Result[])[]): string {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const bySeed = results.map((row) => mean(row.map((one) => one.auc)));
  const all = results.flat();
  const byDigit = (results[0] ?? []).map((_, at) => mean(results.map((row) => row[at]?.auc ?? Number.NaN)));
  const cells = [
    name,
    `**${mean(bySeed).toFixed(4)}** (${bySeed.map((value) => value.toFixed(4)).join(" ")})`,
    ...byDigit.map((value) => value.toFixed(3)),
    mean(all.map((one) => one.falsePositives)).toFixed(3),
    (median(all.map((one) => one.fitMs)) / 1000).toFixed(1),
    Math.round(median(all.map((one) => one.rowsPerSecond))).toString(),
  ];
  return `| ${cells.join(" | ")} |`;
}
