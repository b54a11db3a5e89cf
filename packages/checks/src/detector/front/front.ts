import type { GraphBuilder } from "../../onnx/graph-builder.ts";

/** One way of looking at a row: a number that grows as the row is more unusual. */
export interface View {
  readonly name: string;
  /** A value of the graph of shape [rows, 1]. */
  readonly value: string;
}

/** The first part of a detector: makes rows comparable, so that all detectors see the same. */
export interface Front {
  /** Numbers of a row after it. */
  readonly size: number;
  /** Numbers of a row before it. */
  readonly width: number;
  readonly image: readonly number[] | null;
  /** Of each number after it, the column that it comes from; empty for images. */
  readonly features: readonly string[];
  /** Adds it to a graph. @param x of shape [rows, width] */
  apply(graph: GraphBuilder, x: string): { readonly z: string; readonly views: readonly View[] };
}
