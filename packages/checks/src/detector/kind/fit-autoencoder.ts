import { applyNetwork } from "../../nn/apply-network.ts";
import { int64 } from "../../nn/layers/int64.ts";
import { type Epoch, trainNetwork } from "../../nn/train-network.ts";
import { createGraph } from "../../onnx/graph-builder.ts";
import { createRandom } from "../../random/random.ts";
import { firstRows, runGraph } from "../run-rows.ts";
import { type Architecture, autoencoderOf } from "./architecture.ts";
import { mostNeighbours, neighbourView } from "./neighbour-view.ts";
import { type NoiseLevels, noiseBank } from "./normal-noise.ts";
import { residualView } from "./residual-view.ts";
import type { Sight, SightInput } from "./sight.ts";

/** How the autoencoder is made and trained. */
export interface AutoencoderOptions {
  /** Default `dense`. */
  readonly architecture?: Architecture;
  /** Noise that it learns to take away; normal noise of one standard deviation when left out. */
  readonly noise?: NoiseLevels;
  /** Steps of training, of at most 128 rows each; default 1500. */
  readonly steps?: number;
  /** Called after each epoch. */
  readonly onEpoch?: (epoch: Epoch) => void;
}

/**
 * A denoising autoencoder (Vincent et al., JMLR 2010). A tenth of the rows is kept out of training; the weights with
 * the least loss on it are taken.
 */
export async function fitAutoencoder(input: SightInput, options: AutoencoderOptions = {}): Promise<Sight> {
  const { runtime, rows, image, seed, signal } = input;
  const { architecture = "dense", noise = { gaussian: 1 }, steps = 1500, onEpoch } = options;
  const size = rows.values.length / rows.rows;
  const autoencoder = autoencoderOf(architecture, { size, image });
  const kept = Math.max(1, Math.floor(rows.rows / 10));
  const train = { rows: rows.rows - kept, values: rows.values.subarray(kept * size) };
  const batch = Math.min(128, Math.max(16, Math.ceil(train.rows / 16)));
  const perEpoch = Math.ceil(train.rows / batch);
  const { network, weights } = await trainNetwork(autoencoder.network, train, {
    runtime,
    loss: "squared",
    optimizer: { kind: "adam", rate: 0.001 },
    schedule: "cosine",
    batch,
    epochs: Math.max(1, Math.ceil(steps / perEpoch)),
    noise: noiseBank(size, noise, createRandom(seed, "noise")),
    validation: { rows: kept, values: rows.values.slice(0, kept * size) },
    patience: Math.max(10, Math.ceil(200 / perEpoch)),
    seed,
    ...(signal && { signal }),
    ...(onEpoch && { onEpoch }),
  });

  function apply(graph: ReturnType<typeof createGraph>, z: string) {
    const layers = applyNetwork(graph, network, {
      x: z,
      nameOf: (name) => {
        const { values = new Float32Array(0), shape = [] } = weights[name] ?? {};
        return graph.weight(`autoencoder.${name}`, values, shape);
      },
    });
    const encoded = layers[autoencoder.latentAfter - 1]?.y ?? z;
    return {
      latent: graph.op("Reshape", [encoded, graph.constant(int64(-1, autoencoder.latentSize))]),
      restored: layers.at(-1)?.y ?? z,
    };
  }

  const encoder = createGraph();
  const { latent } = apply(encoder, encoder.input("x", ["rows", size]));
  encoder.output("latent", latent, ["rows", autoencoder.latentSize]);
  const known = firstRows(rows, mostNeighbours);
  const found = await runGraph(runtime, encoder, { rows: known, outputs: ["latent"] });
  const vectors = found.get("latent") ?? known;
  return {
    latentSize: autoencoder.latentSize,
    apply(graph, z) {
      const { latent, restored } = apply(graph, z);
      const views = [
        { name: "residual", value: residualView(graph, z, restored) },
        { name: "neighbours", value: neighbourView(graph, latent, vectors) },
      ];
      return { latent, restored, views };
    },
  };
}
