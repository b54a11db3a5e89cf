import { availableParallelism } from "node:os";
import type { ColumnBatch } from "@scanflow/checks";
import {
  type DetectorKind,
  fitDetector,
  SCANFLOW_2021_PUBLISHED,
  scanflow2021,
} from "@scanflow/checks/detector";
import type { OnnxRuntime } from "@scanflow/checks/onnx";
import { rankScores, rocAuc } from "@scanflow/checks/performance";
import { createOnnxRuntime } from "scanflow/inference";
import { line, mean, median } from "../measure.ts";
import { type Digits, imagesOf, readMnist, rowsWhere, takePixels } from "./mnist.ts";

/** What a detector says of each row: a number that grows as the row is more unusual, and whether it is flagged. */
interface Answer {
  readonly ranking: Float64Array;
  readonly flagged: readonly boolean[];
}

interface Fitted {
  judge(rows: ColumnBatch): Promise<Answer>;
  close(): Promise<void>;
}

interface Fitting {
  readonly runtime: OnnxRuntime;
  readonly seed: number;
}

interface Contender {
  readonly name: string;
  /** Training images that it learns from; all when left out. */
  readonly most?: number;
  /** It takes minutes to fit: the first seed alone. */
  readonly slow?: true;
  fit(reference: ColumnBatch, fitting: Fitting): Promise<Fitted>;
}

/** The default first; all with the settings that they have for everyone. */
const contenders: readonly Contender[] = [
  { name: "autoencoder (default)", fit: fitKind("autoencoder") },
  { name: "neighbours, images", fit: fitKind("neighbours") },
  { name: "PCA, images", fit: fitKind("pca") },
  { name: "neighbours, plain numbers", fit: fitKind("neighbours", false) },
  { name: "PCA, plain numbers", fit: fitKind("pca", false) },
  {
    name: `scanflow-2021, ${SCANFLOW_2021_PUBLISHED.trainingImages} images`,
    most: SCANFLOW_2021_PUBLISHED.trainingImages,
    slow: true,
    fit: fitOriginal,
  },
];

/** @param image false: the pixels as plain numbers */
function fitKind(kind: DetectorKind, image?: false): Contender["fit"] {
  return async (reference, { runtime, seed }) => {
    const detector = await fitDetector(reference, { runtime, kind, seed, ...(image === false && { image }) });
    return {
      async judge(rows) {
        const { score, surprise } = await detector.score(rows);
        return { ranking: surprise, flagged: Array.from(score, (one) => one > 0.95) };
      },
      close: () => detector.close(),
    };
  };
}

/** All images are one batch to it: its scores are scaled by the least and largest error of a batch. */
async function fitOriginal(reference: ColumnBatch, { runtime, seed }: Fitting): Promise<Fitted> {
  const detector = await scanflow2021(reference, { runtime, seed });
  return {
    async judge(rows) {
      const ranking = await detector.score(rows);
      const [low, high] = detector.limits;
      return { ranking, flagged: Array.from(ranking, (one) => one < low || one > high) };
    },
    close: () => detector.close(),
  };
}

/** One contender, fitted to one digit by one seed. */
interface Result {
  readonly auc: number;
  /** Share of test images of the digit itself that are flagged: .05 was asked for. */
  readonly falsePositives: number;
  readonly fitMs: number;
  readonly rowsPerSecond: number;
}

/**
 * One-class MNIST: a detector learns one digit from all its training images (scanflow-2021 from as many as it was
 * published with) and scores all test images; AUC of the other digits against it, mean over ten digits. Test labels
 * are read after the last score.
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
  line(`| detector | mean AUC (by seed) | ${digits.join(" | ")} | own flagged | fit, s | rows/s |`);
  line(`| --- | --- |${" --- |".repeat(digits.length)} --- | --- | --- |`);
  for (const contender of contenders) {
    const results: Result[][] = [];
    for (const seed of contender.slow ? seeds.slice(0, 1) : seeds) {
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
  const { trainingImages, inferenceImages, flagged, picked, accuracyBefore, accuracyAfter } =
    SCANFLOW_2021_PUBLISHED;
  line(
    `Published of scanflow-2021, another protocol: ${trainingImages} training images, ${flagged} of ${inferenceImages} flagged, ` +
      `${picked} picked; accuracy of the model trained with them ${accuracyBefore} before, ${accuracyAfter.machineLabels} after.`,
  );
  await runtime.close();
}

interface Trial {
  readonly contender: Contender;
  readonly digit: number;
  readonly seed: number;
  readonly train: Digits;
  readonly test: Digits;
  readonly runtime: OnnxRuntime;
}

async function tryDigit({ contender, digit, seed, train, test, runtime }: Trial): Promise<Result> {
  const rows = rowsWhere(train.labels, (label) => label === digit).slice(0, contender.most);
  const start = performance.now();
  const detector = await contender.fit(imagesOf(takePixels(train.pixels, rows)), { runtime, seed });
  const fitted = performance.now();
  const { ranking, flagged } = await detector.judge(imagesOf(test.pixels));
  const scored = performance.now();
  await detector.close();
  const own = rowsWhere(test.labels, (label) => label === digit);
  return {
    auc: rocAuc(
      rankScores(
        ranking,
        Array.from(test.labels, (label) => Number(label !== digit)),
      ),
    ),
    falsePositives: own.filter((row) => flagged[row]).length / own.length,
    fitMs: fitted - start,
    rowsPerSecond: (1000 * test.rows) / (scored - fitted),
  };
}

function rowOf(name: string, results: readonly (readonly Result[])[]): string {
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
