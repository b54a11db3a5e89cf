/** Elements that a tensor may have, with the typed array that holds them. */
export interface OnnxArrays {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly int8: Int8Array;
  readonly uint8: Uint8Array;
  readonly int16: Int16Array;
  readonly uint16: Uint16Array;
  readonly int32: Int32Array;
  readonly uint32: Uint32Array;
  readonly int64: BigInt64Array;
  readonly uint64: BigUint64Array;
  /** 0 or 1. */
  readonly bool: Uint8Array;
  /** The bits of half-precision numbers. */
  readonly float16: Uint16Array;
  readonly string: readonly string[];
}

/** The types of elements that are read and written. */
export type OnnxElement = keyof OnnxArrays;

/** A constant of a graph, such as a weight; row-major. */
export type OnnxTensor = {
  readonly [Element in OnnxElement]: {
    readonly name: string;
    readonly element: Element;
    /** Empty for a scalar. */
    readonly shape: readonly number[];
    readonly values: OnnxArrays[Element];
  };
}[OnnxElement];

/** A setting of a node. Whole numbers are those that a double holds exactly; texts are UTF-8. */
export type OnnxAttribute =
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "tensor"; readonly value: OnnxTensor }
  | { readonly kind: "graph"; readonly value: OnnxGraph }
  | { readonly kind: "floats"; readonly value: Float32Array }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "strings"; readonly value: readonly string[] };

/** One operation. An empty name among the inputs or outputs is one that is left out. */
export interface OnnxNode {
  readonly op: string;
  /** Empty for ONNX's own operators, `ai.onnx.ml` for classical models. */
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** What goes into a graph or comes out of it. */
export interface OnnxValue {
  readonly name: string;
  /** null for what is no tensor, such as the sequence of maps that some classifiers answer. */
  readonly element: OnnxElement | null;
  /** A length, or the name of one that is free; null when the rank is not said. */
  readonly shape: readonly (number | string)[] | null;
}

/** What a model computes: nodes that lead from its inputs and constants to its outputs. */
export interface OnnxGraph {
  readonly name: string;
  /** In an order in which they can be computed. */
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** A network or another model as the Open Neural Network Exchange format keeps it. */
export interface OnnxModel {
  /** Version of the file format: 8 to 10 are read by every runtime of the last years. */
  readonly irVersion: number;
  /** Version of the operators, by domain; "" is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly graph: OnnxGraph;
  /** Free texts that travel with the model (`metadata_props`). */
  readonly metadata: Readonly<Record<string, string>>;
}
