import type { GraphBuilder } from "../../onnx/graph-builder.ts";
import type { OnnxRuntime } from "../../onnx/runtime.ts";
import type { Signal } from "../../signal.ts";
import type { View } from "../front/front.ts";
import type { RowBlock } from "../run-rows.ts";

/** What a sight is fitted to. */
export interface SightInput {
  readonly runtime: OnnxRuntime;
  /** Standardised rows. */
  readonly rows: RowBlock;
  /** Shape of a row where it is an image. */
  readonly image: readonly number[] | null;
  readonly seed: number;
  readonly signal?: Signal;
}

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
