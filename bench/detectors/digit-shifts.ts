import { createRandom, normal } from "@scanflow/checks/random";
import { PIXELS, SIDE } from "./mnist.ts";

/** One way of spoiling images, at one strength: gives as many images, in the same order. */
export interface DigitShift {
  readonly name: string;
  readonly strength: "small" | "medium" | "large";
  apply(pixels: Float32Array): Float32Array;
}

/** Noise and geometry as in Failing Loudly (Rabanser et al., NeurIPS 2019, section 4), with its three strengths. */
export const DIGIT_SHIFTS: readonly DigitShift[] = [
  { name: "noise", strength: "small", apply: (pixels) => addNoise(pixels, 1 / 255) },
  { name: "noise", strength: "medium", apply: (pixels) => addNoise(pixels, 10 / 255) },
  { name: "noise", strength: "large", apply: (pixels) => addNoise(pixels, 100 / 255) },
  { name: "turned and moved", strength: "small", apply: (pixels) => turnAndMove(pixels, 10, 0.05) },
  { name: "turned and moved", strength: "medium", apply: (pixels) => turnAndMove(pixels, 40, 0.2) },
  { name: "turned and moved", strength: "large", apply: (pixels) => turnAndMove(pixels, 90, 0.4) },
];

function addNoise(pixels: Float32Array, deviation: number): Float32Array {
  const random = createRandom(3, `noise/${deviation}`);
  return pixels.map((value) => Math.min(1, Math.max(0, value + deviation * normal(random))));
}

/** Each image by an angle up to `degrees` either way, and by up to a share of its side in both directions. */
function turnAndMove(pixels: Float32Array, degrees: number, share: number): Float32Array {
  const random = createRandom(5, `turn/${degrees}`);
  const result = new Float32Array(pixels.length);
  const upTo = (most: number) => most * (2 * random.uniform() - 1);
  for (let from = 0; from < pixels.length; from += PIXELS) {
    const image = pixels.subarray(from, from + PIXELS);
    const angle = (upTo(degrees) * Math.PI) / 180;
    const [right, down] = [upTo(share * SIDE), upTo(share * SIDE)];
    for (let at = 0; at < PIXELS; at += 1) {
      const x = (at % SIDE) - (SIDE - 1) / 2 - right;
      const y = Math.floor(at / SIDE) - (SIDE - 1) / 2 - down;
      const column = x * Math.cos(angle) + y * Math.sin(angle) + (SIDE - 1) / 2;
      const row = y * Math.cos(angle) - x * Math.sin(angle) + (SIDE - 1) / 2;
      result[from + at] = between(image, row, column);
    }
  }
  return result;
}

/** Bilinear; black outside. */
function between(image: Float32Array, row: number, column: number): number {
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const [down, right] = [row - top, column - left];
  const pixel = (y: number, x: number) =>
    y < 0 || y >= SIDE || x < 0 || x >= SIDE ? 0 : (image[y * SIDE + x] as number);
  return (
    (1 - down) * ((1 - right) * pixel(top, left) + right * pixel(top, left + 1)) +
    down * ((1 - right) * pixel(top + 1, left) + right * pixel(top + 1, left + 1))
  );
}
