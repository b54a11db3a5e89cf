import { tensorSize } from "../../batch/tensor-size.ts";
import { ChecksError } from "../../errors.ts";
import { outputShape } from "../../nn/layers/layer-rules.ts";
import type { Layer, Network } from "../../nn/network.ts";

/**
 * An autoencoder of one's own. Images come in as [channels, height, width], other rows flat. What the encoder gives is
 * the latent vector; the decoder takes it in the shape it has, and ends with as many numbers as a row.
 */
export interface AutoencoderLayers {
  readonly encoder: readonly Layer[];
  readonly decoder: readonly Layer[];
}

/** Of an autoencoder: dense layers, convolutions for images, or layers of one's own. */
export type Architecture = "dense" | "convolutional" | AutoencoderLayers;

interface RowShape {
  /** Numbers of a row. */
  readonly size: number;
  /** Where a row is an image. */
  readonly image: readonly number[] | null;
}

/**
 * @throws ChecksError SCANFLOW_NETWORK_INVALID when layers do not fit each other or the rows,
 * SCANFLOW_CHECK_OPTION_INVALID when rows that are no images are to be convolved
 */
export function autoencoderOf(architecture: Architecture, row: RowShape): Autoencoder {
  if (architecture === "dense") return denseAutoencoder(row.size);
  if (architecture !== "convolutional") return ownAutoencoder(architecture, row);
  if (row.image !== null) return convolutionalAutoencoder(row.image);
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    'The option "architecture" is "convolutional", but rows are no images: give the option "image", or "dense".',
  );
}

/** An autoencoder whose layers up to `latentAfter` are the encoder. */
export interface Autoencoder {
  readonly network: Network;
  readonly latentAfter: number;
  readonly latentSize: number;
}

/** Widths grow with the rows, up to 128 hidden and 32 latent numbers. */
function denseAutoencoder(size: number): Autoencoder {
  const hidden = Math.min(128, Math.max(16, size));
  const latentSize = Math.min(32, Math.max(2, Math.ceil(size / 4)));
  const encoder: Layer[] = [dense(hidden), { kind: "leaky-relu" }, dense(latentSize)];
  const decoder: Layer[] = [dense(hidden), { kind: "leaky-relu" }, dense(size)];
  return { network: { input: [size], layers: [...encoder, ...decoder] }, latentAfter: 3, latentSize };
}

/** Two strided convolutions down, a dense bottleneck, and up again by nearest neighbours and convolutions. */
function convolutionalAutoencoder(image: readonly number[]): Autoencoder {
  const [channels, height, width] = planesOf(image);
  const [high, wide] = [Math.ceil(height / 4), Math.ceil(width / 4)];
  const size = channels * height * width;
  const latentSize = Math.min(32, Math.max(2, Math.ceil(size / 4)));
  const encoder: Layer[] = [
    { kind: "reshape", shape: [channels, height, width] },
    { kind: "conv", filters: 8, kernel: 3, stride: 2 },
    { kind: "leaky-relu" },
    { kind: "conv", filters: 16, kernel: 3, stride: 2 },
    { kind: "leaky-relu" },
    { kind: "reshape", shape: [16 * high * wide] },
    dense(latentSize),
  ];
  const decoder: Layer[] = [
    dense(16 * high * wide),
    { kind: "leaky-relu" },
    { kind: "reshape", shape: [16, high, wide] },
    { kind: "upsample", scale: 2 },
    { kind: "conv", filters: 8, kernel: 3 },
    { kind: "leaky-relu" },
    { kind: "upsample", scale: 2 },
    { kind: "conv", filters: channels, kernel: 3 },
  ];
  const grown = channels * high * wide * 16;
  const back: Layer[] =
    grown === size
      ? [{ kind: "reshape", shape: [size] }]
      : [{ kind: "reshape", shape: [grown] }, dense(size)];
  const layers = [...encoder, ...decoder, ...back];
  return { network: { input: [size], layers }, latentAfter: encoder.length, latentSize };
}

function dense(units: number): Layer {
  return { kind: "dense", units };
}

function ownAutoencoder({ encoder, decoder }: AutoencoderLayers, { size, image }: RowShape): Autoencoder {
  const first: Layer[] = image ? [{ kind: "reshape", shape: planesOf(image) }] : [];
  const encoding = [...first, ...encoder];
  const latentSize = tensorSize(outputShape({ input: [size], layers: encoding }));
  const layers = [...encoding, ...decoder];
  const given = outputShape({ input: [size], layers });
  if (tensorSize(given) !== size) {
    throw new ChecksError(
      "SCANFLOW_NETWORK_INVALID",
      `The decoder gives [${given}], which is ${tensorSize(given)} numbers, but a row has ${size}: ` +
        "change its last layers so that it gives back what came in.",
    );
  }
  const back: Layer = { kind: "reshape", shape: [size] };
  return {
    network: { input: [size], layers: [...layers, back] },
    latentAfter: encoding.length,
    latentSize,
  };
}

function planesOf(image: readonly number[]): readonly [channels: number, height: number, width: number] {
  const [channels = 1, height = 1, width = 1] = image.length === 2 ? [1, ...image] : image;
  return [channels, height, width];
}
