import type { Layer, Network } from "../../nn/network.ts";

/** Of an autoencoder: dense layers, or convolutions for images. */
export type Architecture = "dense" | "convolutional";

/** An autoencoder whose layers up to `latentAfter` are the encoder. */
export interface Autoencoder {
  readonly network: Network;
  readonly latentAfter: number;
  readonly latentSize: number;
}

/** Widths grow with the rows, up to 128 hidden and 32 latent numbers. */
export function denseAutoencoder(size: number): Autoencoder {
  const hidden = Math.min(128, Math.max(16, size));
  const latentSize = Math.min(32, Math.max(2, Math.ceil(size / 4)));
  const encoder: Layer[] = [dense(hidden), { kind: "leaky-relu" }, dense(latentSize)];
  const decoder: Layer[] = [dense(hidden), { kind: "leaky-relu" }, dense(size)];
  return { network: { input: [size], layers: [...encoder, ...decoder] }, latentAfter: 3, latentSize };
}

/** Two strided convolutions down, a dense bottleneck, and up again by nearest neighbours and convolutions. */
export function convolutionalAutoencoder(image: readonly number[]): Autoencoder {
  const [channels = 1, height = 1, width = 1] = image.length === 2 ? [1, ...image] : image;
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
