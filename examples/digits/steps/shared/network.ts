import {
  addScaled,
  createMatrix,
  type Matrix,
  product,
  productTransposed,
  rowOf,
  transposedProduct,
} from "./matrix.ts";
import type { Random } from "./random.ts";

/**
 * A dense classifier: tanh on the hidden layers, softmax on the last. With two sizes (inputs, classes) it has no
 * hidden layer and is multinomial logistic regression.
 */
export interface Network {
  readonly sizes: readonly number[];
  /** Layer by layer: the weights (inputs × outputs, by rows), then the biases. */
  readonly parameters: Float64Array;
}

interface Layer {
  readonly weights: Matrix;
  readonly biases: Float64Array;
}

/** Weights are uniform within ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010), biases 0. */
export function createNetwork(sizes: readonly number[], random: Random): Network {
  const parameters = new Float64Array(countParameters(sizes));
  for (const { weights } of layersOf(sizes, parameters)) {
    const limit = Math.sqrt(6 / (weights.rows + weights.columns));
    for (let i = 0; i < weights.values.length; i += 1) weights.values[i] = (2 * random() - 1) * limit;
  }
  return { sizes, parameters };
}

export function countParameters(sizes: readonly number[]): number {
  return sizes.slice(1).reduce((sum, outputs, layer) => sum + ((sizes[layer] as number) + 1) * outputs, 0);
}

function layersOf(sizes: readonly number[], parameters: Float64Array): Layer[] {
  let place = 0;
  const take = (length: number) => {
    place += length;
    return parameters.subarray(place - length, place);
  };
  return sizes.slice(1).map((outputs, layer) => {
    const inputs = sizes[layer] as number;
    return { weights: createMatrix(inputs, outputs, take(inputs * outputs)), biases: take(outputs) };
  });
}

/** What each layer gives, the input first; the last are the probabilities of the classes. */
function activate({ sizes, parameters }: Network, input: Matrix): Matrix[] {
  const layers = layersOf(sizes, parameters);
  const activations = [input];
  for (const [index, { weights, biases }] of layers.entries()) {
    const output = product(activations[index] as Matrix, weights);
    for (let row = 0; row < output.rows; row += 1) {
      const values = rowOf(output, row);
      addScaled(values, biases, 1);
      if (index === layers.length - 1) softmax(values);
      else for (let i = 0; i < values.length; i += 1) values[i] = Math.tanh(values[i] as number);
    }
    activations.push(output);
  }
  return activations;
}

function softmax(values: Float64Array): void {
  const largest = values.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    values[i] = Math.exp((values[i] as number) - largest);
    sum += values[i] as number;
  }
  for (let i = 0; i < values.length; i += 1) values[i] = (values[i] as number) / sum;
}

/** The probabilities of the classes, one row for each row of the input. */
export function predict(network: Network, input: Matrix): Matrix {
  return activate(network, input).at(-1) as Matrix;
}

/**
 * Mean cross-entropy plus `decay / 2` times the sum of all squared parameters, and its gradient by backpropagation,
 * laid out as the parameters.
 */
export function lossAndGradient(
  network: Network,
  { input, labels, decay }: { input: Matrix; labels: Uint8Array; decay: number },
): { loss: number; gradient: Float64Array } {
  const { sizes, parameters } = network;
  const activations = activate(network, input);
  const gradient = new Float64Array(parameters.length);
  let delta = activations.at(-1) as Matrix;
  let loss = 0;
  for (let row = 0; row < input.rows; row += 1) {
    const probabilities = rowOf(delta, row);
    const label = labels[row] as number;
    loss -= Math.log(probabilities[label] as number);
    probabilities[label] = (probabilities[label] as number) - 1;
    for (let i = 0; i < probabilities.length; i += 1) {
      probabilities[i] = (probabilities[i] as number) / input.rows;
    }
  }
  const weights = layersOf(sizes, parameters);
  const slopes = layersOf(sizes, gradient);
  for (let layer = slopes.length - 1; layer >= 0; layer -= 1) {
    const before = activations[layer] as Matrix;
    const slope = slopes[layer] as Layer;
    slope.weights.values.set(transposedProduct(before, delta).values);
    for (let row = 0; row < delta.rows; row += 1) addScaled(slope.biases, rowOf(delta, row), 1);
    if (layer > 0) delta = throughTanh(productTransposed(delta, (weights[layer] as Layer).weights), before);
  }
  addScaled(gradient, parameters, decay);
  const squares = parameters.reduce((sum, value) => sum + value * value, 0);
  return { loss: loss / input.rows + (decay / 2) * squares, gradient };
}

/** The slope of tanh where it gave `after` is 1 - after². */
function throughTanh(delta: Matrix, after: Matrix): Matrix {
  for (const [index, value] of after.values.entries()) {
    delta.values[index] = (delta.values[index] as number) * (1 - value * value);
  }
  return delta;
}
