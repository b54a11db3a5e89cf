import type { GraphBuilder } from "../../onnx/graph-builder.ts";

/** A layer's weight before training. */
export interface WeightRule {
  /** `weight` or `bias`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** How many numbers meet in one result, and how many results one number reaches; 0 and 0 for a bias. */
  readonly fanIn: number;
  readonly fanOut: number;
}

export interface ForwardInput {
  readonly graph: GraphBuilder;
  readonly x: string;
  /** Names of the layer's weights, by the rule's name. */
  readonly weights: Readonly<Record<string, string>>;
}

export interface BackwardInput extends ForwardInput {
  /** What `forward` gave. */
  readonly y: string;
  /** Further values that `forward` kept. */
  readonly kept: readonly string[];
  /** Gradient of the loss by `y`. */
  readonly dy: string;
  /** Whether `dx` is wanted; the first layer of a network needs none. */
  readonly wantsDx: boolean;
}

export interface Gradients {
  /** Gradient by `x`; "" when it was not wanted. */
  readonly dx: string;
  readonly weights: Readonly<Record<string, string>>;
}

/** What a layer does to rows of a known shape, forward and backward, as nodes of a graph. */
export interface LayerRule {
  readonly output: readonly number[];
  readonly weights: readonly WeightRule[];
  forward(input: ForwardInput): { readonly y: string; readonly kept?: readonly string[] };
  backward(input: BackwardInput): Gradients;
}
