/** Every unit sees every number; takes and gives flat rows. */
export interface DenseLayer {
  readonly kind: "dense";
  readonly units: number;
}

/** A square convolution over images. */
export interface ConvLayer {
  readonly kind: "conv";
  readonly filters: number;
  /** Side of the filters, in pixels. */
  readonly kernel: number;
  /** Pixels from one place of a filter to the next; default 1. */
  readonly stride?: number;
  /** `same` (the default): zeros around, so that a stride of 1 keeps the size; `valid`: none. */
  readonly padding?: "same" | "valid";
}

/** Each pixel becomes `scale` × `scale` pixels. */
export interface UpsampleLayer {
  readonly kind: "upsample";
  readonly scale: number;
}

/** `size` × `size` pixels become one: the largest, or the mean. What is left at the right and bottom counts as well. */
export interface PoolLayer {
  readonly kind: "max-pool" | "average-pool";
  readonly size: number;
}

/** A function of each number by itself; the slope of `leaky-relu` below 0 is 0.1. */
export interface ActivationLayer {
  readonly kind: "relu" | "leaky-relu" | "sigmoid" | "tanh";
}

/** The same numbers in another shape: `[n]` makes images flat. */
export interface ReshapeLayer {
  readonly kind: "reshape";
  readonly shape: readonly number[];
}

/** One step of a network. */
export type Layer = DenseLayer | ConvLayer | UpsampleLayer | PoolLayer | ActivationLayer | ReshapeLayer;

/** A chain of layers. Images are channels first: `[channels, height, width]`. */
export interface Network {
  /** Shape of one row of input. */
  readonly input: readonly number[];
  readonly layers: readonly Layer[];
}

/** A weight of a network: its name says the place of its layer, such as `2.weight`. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A network's weights by their names. */
export type Weights = Readonly<Record<string, Weight>>;
