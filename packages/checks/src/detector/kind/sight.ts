import type { GraphBuilder } from "../../onnx/graph-builder.ts";
import type { View } from "../front/front.ts";

/** The fitted middle part of a detector: what it sees in standardised rows. */
export interface Sight {
  /** Numbers of a latent vector. */
  readonly latentSize: number;
  /** Adds it to a graph. @param z of shape [rows, size] */
  apply(
    graph: GraphBuilder,
    z: string,
  ): { readonly latent: string; readonly restored: string; readonly views: readonly View[] };
}
