/** The numbers of Python's `random.Random(seed)`: the Mersenne Twister and its way to draw below a limit. */
export function createPythonRandom(seed: number): { below(limit: number): number } {
  const words = seedByArray(seed);
  let index = words.length;

  function word(): number {
    if (index === words.length) {
      twist(words);
      index = 0;
    }
    let bits = words[index++] as number;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  function below(limit: number): number {
    const unused = Math.clz32(limit);
    for (;;) {
      const drawn = word() >>> unused;
      if (drawn < limit) return drawn;
    }
  }

  return { below };
}

function seedByArray(seed: number): Uint32Array {
  const words = new Uint32Array(624);
  words[0] = 19650218;
  for (let i = 1; i < 624; i += 1) words[i] = Math.imul(1812433253, mixed(words, i)) + i;
  let i = 1;
  for (let round = 0; round < 624; round += 1) {
    words[i] = ((words[i] as number) ^ Math.imul(mixed(words, i), 1664525)) + seed;
    i = next(words, i);
  }
  for (let round = 0; round < 623; round += 1) {
    words[i] = ((words[i] as number) ^ Math.imul(mixed(words, i), 1566083941)) - i;
    i = next(words, i);
  }
  words[0] = 0x80000000;
  return words;
}

function mixed(words: Uint32Array, i: number): number {
  const before = words[i - 1] as number;
  return before ^ (before >>> 30);
}

function next(words: Uint32Array, i: number): number {
  if (i < 623) return i + 1;
  words[0] = words[623] as number;
  return 1;
}

function twist(words: Uint32Array): void {
  for (let i = 0; i < 624; i += 1) {
    const joined = ((words[i] as number) & 0x80000000) | ((words[(i + 1) % 624] as number) & 0x7fffffff);
    words[i] = (words[(i + 397) % 624] as number) ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
  }
}
