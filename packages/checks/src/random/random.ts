/** A stream of pseudo-random numbers: the same seed gives the same stream on every machine. */
export interface Random {
  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number;
  /** A whole number from 0 to `limit - 1`, all equally likely to within 2^-53. */
  below(limit: number): number;
}

/** Where a stream of chance is: four 32-bit numbers, as JSON can carry them. */
export type RandomState = readonly [number, number, number, number];

/** A stream of chance that can be put aside: `resumeRandom` goes on from its `state()`. */
export interface ResumableRandom extends Random {
  state(): RandomState;
}

/**
 * The generator sfc32 (C. Doty-Humphrey, PractRand), seeded by a hash of `seed` and `stream`.
 *
 * @param stream a name for an independent stream of the same seed, such as a column's name
 */
export function createRandom(seed: number, stream = ""): ResumableRandom {
  const key = `${seed}/${stream}`;
  const generator = createGenerator([
    hashText(key, 0x9e3779b9),
    hashText(key, 0x243f6a88),
    hashText(key, 0xb7e15162),
    1,
  ]);
  for (let warmUp = 0; warmUp < 15; warmUp += 1) generator.next();
  return randomOf(generator);
}

/** A stream of chance that goes on where another was. */
export function resumeRandom(state: RandomState): ResumableRandom {
  return randomOf(createGenerator(state));
}

interface Generator {
  /** 32 random bits. */
  next(): number;
  state(): RandomState;
}

function createGenerator(state: RandomState): Generator {
  let [a, b, c, counter] = state;
  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  return { next, state: () => [a, b, c, counter] };
}

function randomOf({ next, state }: Generator): ResumableRandom {
  const uniform = () => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 2 ** 53;
  return { uniform, below: (limit) => Math.floor(uniform() * limit), state };
}

/** A 32-bit hash of the text's UTF-16 units (multiply and rotate, finished as in MurmurHash3). */
export function hashText(text: string, start: number): number {
  let state = start;
  for (let i = 0; i < text.length; i += 1) {
    state = Math.imul(state ^ text.charCodeAt(i), 0xcc9e2d51);
    state = (state << 15) | (state >>> 17);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return state ^ (state >>> 16);
}
