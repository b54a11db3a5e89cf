import type { Noise } from "../../nn/train-network.ts";
import { normal } from "../../random/normal.ts";
import type { Random } from "../../random/random.ts";

/** What is added to rows before a denoising autoencoder sees them; rows are standardised, so 1 is their own spread. */
export interface NoiseLevels {
  /** Standard deviation of normal noise on every number. */
  readonly gaussian?: number;
  /** Share of numbers set to 0, their mean. */
  readonly masking?: number;
  /** Share of numbers set to −2 or 2. */
  readonly salt?: number;
}

/** Different rows of noise: enough that no row of data meets one of them often. */
const bankRows = 1024;

/** A bank of noise; training takes a random row of it for each row of data. */
export function noiseBank(size: number, levels: NoiseLevels, random: Random): Noise {
  const { gaussian = 0, masking = 0, salt = 0 } = levels;
  const factors = new Float32Array(bankRows * size).fill(1);
  const additions = new Float32Array(bankRows * size);
  for (let at = 0; at < factors.length; at += 1) {
    const lot = masking + salt > 0 ? random.uniform() : 1;
    if (lot < masking + salt) factors[at] = 0;
    if (lot >= masking && lot < masking + salt) additions[at] = random.below(2) * 4 - 2;
    else if (lot >= masking + salt && gaussian > 0) additions[at] = gaussian * normal(random);
  }
  return { rows: bankRows, factors, additions };
}
