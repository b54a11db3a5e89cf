import { setImmediate } from "node:timers/promises";
import { createAdam } from "./adam.ts";
import { CLASSES, type DigitTable, pickDigits } from "./digit-table.ts";
import { createNetwork, lossAndGradient, type Network } from "./network.ts";
import { createRandom, shuffled } from "./random.ts";
import { score } from "./score.ts";

/** Settings of a training. */
export type TrainingParams = {
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Weight decay (L2). */
  readonly decay: number;
};

export interface Training {
  readonly train: DigitTable;
  readonly validation: DigitTable;
  /** Units of each hidden layer; none for logistic regression. */
  readonly hidden: readonly number[];
  readonly params: TrainingParams;
  readonly signal: AbortSignal;
  metric(name: string, value: number, step: number): void;
}

/** Trains by Adam on shuffled batches, logging the loss and the validation accuracy of every epoch. */
export async function trainNetwork({ train, validation, hidden, params, signal, metric }: Training) {
  const random = createRandom(params.seed);
  const network = createNetwork([train.pixels.columns, ...hidden, CLASSES], random);
  const descend = createAdam(network.parameters.length, params.learningRate);
  let validationAccuracy = 0;
  for (let epoch = 1; epoch <= params.epochs; epoch += 1) {
    const order = shuffled(train.labels.length, random);
    let total = 0;
    for (let start = 0; start < order.length; start += params.batchSize) {
      const batch = pickDigits(train, order.subarray(start, start + params.batchSize));
      total += batch.labels.length * descendOnce(network, batch);
    }
    validationAccuracy = score(network, validation).accuracy;
    metric("loss", total / order.length, epoch);
    metric("validationAccuracy", validationAccuracy, epoch);
    await setImmediate(); // Lets a cancellation come in.
    signal.throwIfAborted();
  }
  return { network, validationAccuracy };

  function descendOnce(trained: Network, { pixels, labels }: DigitTable): number {
    const { loss, gradient } = lossAndGradient(trained, { input: pixels, labels, decay: params.decay });
    descend(trained.parameters, gradient);
    return loss;
  }
}
