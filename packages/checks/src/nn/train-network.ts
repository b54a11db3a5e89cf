import { tensorSize } from "../batch/tensor-size.ts";
import { ChecksError } from "../errors.ts";
import type { OnnxRuntime, OnnxSession, RuntimeTensor, RuntimeTensors } from "../onnx/runtime.ts";
import { createRandom, type Random } from "../random/random.ts";
import { shuffledPlaces } from "../random/shuffle.ts";
import type { Signal } from "../signal.ts";
import { needWhole } from "../statistics/need-sample.ts";
import { initialWeights, weightRules } from "./initial-weights.ts";
import { outputShape } from "./layers/layer-rules.ts";
import { type Loss, meanOver } from "./losses.ts";
import type { Network, Weights } from "./network.ts";
import { type Optimizer, STEP_SCALARS, stepScalars, usualRate } from "./optimizers.ts";
import { evaluationStep, stateNames, trainingStep } from "./training-step.ts";

/** Rows to learn from, one after the other, each of the network's input shape. */
export interface TrainingData {
  readonly rows: number;
  readonly values: Float32Array;
  /** What the network should answer to each; the rows themselves when left out. */
  readonly targets?: Float32Array;
}

/** What spoils the rows that a network sees: row × factors + additions, a random row of the bank each time. */
export interface Noise {
  readonly rows: number;
  readonly factors: Float32Array;
  readonly additions: Float32Array;
}

/** How a network is trained. */
export interface TrainOptions {
  readonly runtime: OnnxRuntime;
  /** Default `squared`. */
  readonly loss?: Loss;
  /** Default Adam. */
  readonly optimizer?: Optimizer;
  /** `constant` (the default): the optimizer's rate throughout; `cosine`: falling along half a cosine towards 0. */
  readonly schedule?: "constant" | "cosine";
  /** Rows a step; default 128. */
  readonly batch?: number;
  /** Times that all rows are seen; default 30. */
  readonly epochs?: number;
  readonly noise?: Noise;
  /** Rows kept out of training: the weights with the least loss on them are the ones given back. */
  readonly validation?: TrainingData;
  /** Epochs without a new least validation loss after which training ends; default: it does not end early. */
  readonly patience?: number;
  /** Of the first weights, the order of rows and the noise; default 0. */
  readonly seed?: number;
  readonly signal?: Signal;
  /** Called after each epoch. */
  readonly onEpoch?: (epoch: Epoch) => void;
}

/** What one pass over the rows came to. */
export interface Epoch {
  /** 1 is the first. */
  readonly epoch: number;
  /** Mean over the steps. */
  readonly loss: number;
  /** null without validation data. */
  readonly validationLoss: number | null;
}

/** What `trainNetwork` gives: `exportNetwork` makes a file of it. */
export interface TrainedNetwork {
  readonly network: Network;
  readonly weights: Weights;
  readonly history: readonly Epoch[];
}

/**
 * Trains a network by mini-batches. The same network, data, options and runtime give the same weights, bit for bit.
 *
 * @throws ChecksError SCANFLOW_NETWORK_INVALID when layers do not fit each other or the data, SCANFLOW_TRAINING_DIVERGED
 * when the loss is no longer a number
 */
export async function trainNetwork(
  network: Network,
  data: TrainingData,
  options: TrainOptions,
): Promise<TrainedNetwork> {
  const {
    loss = "squared",
    optimizer = { kind: "adam" },
    epochs = 30,
    schedule = "constant",
    batch = 128,
    seed = 0,
    patience = Number.POSITIVE_INFINITY,
    validation,
    noise,
    signal,
    onEpoch,
  } = options;
  needWhole(epochs, "epochs", [1, 1e9]);
  needWhole(batch, "batch", [1, 1e9]);
  const plan = { network, loss, batch, noise };
  requireRows(network, data);
  const step = trainingStep(network, {
    loss,
    optimizer,
    withTargets: data.targets !== undefined,
    withNoise: noise !== undefined,
  });
  const names = [...weightRules(network).keys()];
  const training = await options.runtime.open(step.model, { carry: step.carry });
  const judge = validation && (await openJudge({ ...plan, validation, runtime: options.runtime, seed }));
  try {
    await training.keep({ ...dataTensors(network, data, noise), ...initialState(network, seed) });
    const random = createRandom(seed, "batches");
    const history: Epoch[] = [];
    const best = { epoch: 0, loss: Number.POSITIVE_INFINITY, weights: null as Weights | null };
    const perEpoch = Math.ceil(data.rows / batch);
    for (let epoch = 1; epoch <= epochs; epoch += 1) {
      const steps = batchesOf(data.rows, { ...plan, random }).map((feeds, at) => {
        const number = (epoch - 1) * perEpoch + at;
        const falling =
          schedule === "cosine" ? (1 + Math.cos((Math.PI * number) / (epochs * perEpoch))) / 2 : 1;
        const scalars = stepScalars(optimizer, number + 1, usualRate(optimizer) * falling);
        return {
          ...feeds,
          ...Object.fromEntries(scalars.map((value, place) => [STEP_SCALARS[place], scalar(value)])),
        };
      });
      const mean = meanLoss(await training.run(steps, { outputs: ["loss"], ...(signal && { signal }) }));
      requireFinite(mean, epoch);
      const weights = judge && ((await training.kept(names)) as Weights);
      const validationLoss = weights ? await judge.lossOf(weights) : null;
      const entry = { epoch, loss: mean, validationLoss };
      history.push(entry);
      onEpoch?.(entry);
      if (weights && validationLoss !== null && validationLoss < best.loss) {
        Object.assign(best, { epoch, loss: validationLoss, weights });
      }
      if (judge && epoch - best.epoch >= patience) break;
    }
    return { network, weights: best.weights ?? ((await training.kept(names)) as Weights), history };
  } finally {
    await training.close();
    await judge?.session.close();
  }
}

interface Plan {
  readonly network: Network;
  readonly loss: Loss;
  readonly batch: number;
  readonly noise: Noise | undefined;
}

/** A session that tells the loss on rows that are not trained on, spoiled alike each time. */
async function openJudge(
  plan: Plan & { readonly validation: TrainingData; readonly runtime: OnnxRuntime; readonly seed: number },
): Promise<{ readonly session: OnnxSession; lossOf(weights: Weights): Promise<number> }> {
  const { network, loss, validation, noise, runtime, seed } = plan;
  requireRows(network, validation);
  const session = await runtime.open(
    evaluationStep(network, {
      loss,
      withTargets: validation.targets !== undefined,
      withNoise: noise !== undefined,
    }),
  );
  await session.keep(dataTensors(network, validation, noise));
  const steps = batchesOf(validation.rows, { ...plan, random: createRandom(seed, "validation") });
  async function lossOf(weights: Weights): Promise<number> {
    await session.keep(weights);
    return meanLoss(await session.run(steps));
  }
  return { session, lossOf };
}

function dataTensors(network: Network, data: TrainingData, noise: Noise | undefined): RuntimeTensors {
  const rowsOf = (rows: number, values: Float32Array) => ({ shape: [rows, ...network.input], values });
  return {
    data: rowsOf(data.rows, data.values),
    ...(data.targets && { targets: { shape: [data.rows, ...outputShape(network)], values: data.targets } }),
    ...(noise && {
      factors: rowsOf(noise.rows, noise.factors),
      additions: rowsOf(noise.rows, noise.additions),
    }),
  };
}

function initialState(network: Network, seed: number): RuntimeTensors {
  const state: Record<string, RuntimeTensor> = {};
  for (const [name, weight] of Object.entries(initialWeights(network, seed))) {
    const [first, second] = stateNames(name);
    const zeros = { shape: weight.shape, values: new Float32Array(weight.values.length) };
    Object.assign(state, { [name]: weight, [first]: zeros, [second]: zeros });
  }
  return state;
}

/** All rows once, in random order, cut into batches. */
function batchesOf(
  rows: number,
  { network, loss, batch, noise, random }: Plan & { random: Random },
): RuntimeTensors[] {
  const order = shuffledPlaces(rows, random);
  const size = tensorSize(outputShape(network));
  return Array.from({ length: Math.ceil(rows / batch) }, (_, at) => {
    const chosen = order.slice(at * batch, (at + 1) * batch);
    const spoils = noise && { "noise-rows": vector(chosen.map(() => random.below(noise.rows))) };
    return {
      rows: vector(chosen),
      ...spoils,
      "step.share": scalar(1 / meanOver(loss, chosen.length, size)),
    };
  });
}

function vector(values: Int32Array): RuntimeTensor {
  return { shape: [values.length], values };
}

function scalar(value: number): RuntimeTensor {
  return { shape: [], values: Float32Array.of(value) };
}

function meanLoss(results: readonly RuntimeTensors[]): number {
  return results.reduce((sum, { loss }) => sum + Number(loss?.values[0]), 0) / results.length;
}

function requireRows({ input }: Network, { rows, values }: TrainingData): void {
  const size = tensorSize(input);
  if (rows > 0 && values.length === rows * size) return;
  throw new ChecksError(
    "SCANFLOW_NETWORK_INVALID",
    `The network takes rows of the shape [${input}], but ${rows} rows with ${values.length} numbers were given: ` +
      `give at least one row, and ${size} numbers for each.`,
  );
}

function requireFinite(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new ChecksError(
    "SCANFLOW_TRAINING_DIVERGED",
    `The loss of epoch ${epoch} is ${loss}: train at a lower rate, and look for infinite values in the data.`,
  );
}
