import { fitDetector } from "@scanflow/checks/detector";
import { exportNetwork, type Network, trainNetwork } from "@scanflow/checks/nn";
import type { OnnxRuntime } from "@scanflow/checks/onnx";
import { imagesOf, PIXELS } from "./mnist.ts";

const classes = 10;
const chunk = 500;

/** What is measured of images, each a number per image, by the group that it belongs to. */
export interface DigitFeatures {
  readonly rows: number;
  readonly softmax: readonly Float64Array[];
  /** What the default detector sees: what was not restored, neighbours, contrast. */
  readonly views: readonly Float64Array[];
  /** The default detector's latent vectors. */
  readonly latent: readonly Float64Array[];
  readonly predicted: Uint8Array;
}

export interface FeatureMaker {
  of(pixels: Float32Array): Promise<DigitFeatures>;
  close(): Promise<void>;
}

export interface Learning {
  readonly runtime: OnnxRuntime;
  readonly pixels: Float32Array;
  readonly labels: Uint8Array;
  readonly epochs: number;
  /** Rows that the detector learns from. */
  readonly detectorRows: number;
}

const network: Network = {
  input: [PIXELS],
  layers: [
    { kind: "dense", units: 128 },
    { kind: "relu" },
    { kind: "dense", units: 32 },
    { kind: "relu" },
    { kind: "dense", units: classes },
  ],
};

/** Trains a classifier and fits the default detector, both on images that no window comes from. */
export async function learnFeatures(learning: Learning): Promise<FeatureMaker> {
  const { runtime, pixels, labels, epochs, detectorRows } = learning;
  const targets = new Float32Array(labels.length * classes);
  for (const [row, label] of labels.entries()) targets[row * classes + label] = 1;
  const { weights } = await trainNetwork(
    network,
    { rows: labels.length, values: pixels, targets },
    { runtime, loss: "softmax", schedule: "cosine", epochs, seed: 1 },
  );
  const classifier = await runtime.open(exportNetwork(network, weights));
  const detector = await fitDetector(imagesOf(pixels.subarray(0, detectorRows * PIXELS)), {
    runtime,
    seed: 1,
  });

  async function softmaxOf(values: Float32Array): Promise<Float64Array[]> {
    const steps = [];
    for (let at = 0; at < values.length; at += chunk * PIXELS) {
      const part = values.subarray(at, at + chunk * PIXELS);
      steps.push({ x: { shape: [part.length / PIXELS, PIXELS], values: part } });
    }
    const answers = (await classifier.run(steps, { outputs: ["y"] })).flatMap(({ y }) =>
      Array.from(y?.values as Float32Array),
    );
    const rows = values.length / PIXELS;
    const result = Array.from({ length: classes }, () => new Float64Array(rows));
    for (let row = 0; row < rows; row += 1) {
      const logits = answers.slice(row * classes, (row + 1) * classes);
      const top = Math.max(...logits);
      const parts = logits.map((logit) => Math.exp(logit - top));
      const sum = parts.reduce((total, part) => total + part, 0);
      for (const [at, column] of result.entries()) column[row] = (parts[at] as number) / sum;
    }
    return result;
  }

  async function of(values: Float32Array): Promise<DigitFeatures> {
    const rows = values.length / PIXELS;
    const images = imagesOf(values);
    const softmax = await softmaxOf(values);
    const { views } = await detector.score(images);
    const latent = await detector.latent(images);
    return {
      rows,
      softmax,
      views: Object.values(views),
      latent: Array.from({ length: latent.columns }, (_, column) =>
        Float64Array.from(
          { length: rows },
          (_, row) => latent.values[row * latent.columns + column] as number,
        ),
      ),
      predicted: Uint8Array.from({ length: rows }, (_, row) => largest(softmax, row)),
    };
  }

  return {
    of,
    async close() {
      await classifier.close();
      await detector.close();
    },
  };
}

function largest(columns: readonly Float64Array[], row: number): number {
  const values = columns.map((column) => column[row] as number);
  return values.indexOf(Math.max(...values));
}
