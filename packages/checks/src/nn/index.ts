export { type ExportOptions, exportNetwork } from "./export-network.ts";
export { initialWeights } from "./initial-weights.ts";
export { outputShape } from "./layers/layer-rules.ts";
export type { Loss } from "./losses.ts";
export type {
  ActivationLayer,
  ConvLayer,
  DenseLayer,
  Layer,
  Network,
  PoolLayer,
  ReshapeLayer,
  UpsampleLayer,
  Weight,
  Weights,
} from "./network.ts";
export type { Adadelta, Adam, Optimizer } from "./optimizers.ts";
export {
  type Epoch,
  type Noise,
  type TrainedNetwork,
  type TrainingData,
  type TrainOptions,
  trainNetwork,
} from "./train-network.ts";
