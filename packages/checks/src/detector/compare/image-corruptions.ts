import { normal } from "../../random/normal.ts";
import type { Corruption, CorruptionInput } from "./corruption.ts";

interface Picture {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** What goes wrong with images, sized by their sides and their own range: nothing here is fitted to any data set. */
export const imageCorruptions: readonly Corruption[] = [
  { name: "noise", apply: (input) => noisy(input, 0.5) },
  { name: "strong noise", apply: (input) => noisy(input, 1) },
  { name: "shift", apply: (input) => moved(input, () => shiftBy(input)) },
  { name: "rotation of 30°", apply: (input) => moved(input, () => rotation(Math.PI / 6)) },
  { name: "darker", apply: ({ rows }) => rows.values.map((value) => 0.6 * value) },
  { name: "occlusion", apply: (input) => patched(input, { fill: () => 0 }) },
  { name: "swapped pixels", apply: (input) => patched(input, { fill: "shuffle" }) },
  { name: "mix of two", apply: (input) => mixed(input) },
  { name: "salt and pepper", apply: (input) => salted(input) },
  { name: "blur", apply: (input) => blurred(input) },
];

function pictureOf({ image }: CorruptionInput): Picture {
  const [channels = 1, height = 1, width = 1] = image?.length === 2 ? [1, ...image] : (image ?? []);
  return { channels, height, width };
}

function overallSpread({ spread }: CorruptionInput): number {
  return Math.sqrt(spread.reduce((sum, value) => sum + value * value, 0) / spread.length);
}

function noisy(input: CorruptionInput, level: number): Float32Array {
  const size = level * overallSpread(input);
  return input.rows.values.map((value) => value + size * normal(input.random));
}

type Place = readonly [row: number, column: number];

function moved(input: CorruptionInput, choose: () => (place: Place) => Place): Float32Array {
  const { channels, height, width } = pictureOf(input);
  const size = channels * height * width;
  const result = new Float32Array(input.rows.values.length);
  for (let row = 0; row < input.rows.rows; row += 1) {
    const from = choose();
    for (let at = 0; at < size; at += 1) {
      const plane = Math.floor(at / (height * width));
      const [y, x] = from([
        (Math.floor(at / width) % height) - (height - 1) / 2,
        (at % width) - (width - 1) / 2,
      ]);
      const [sourceY, sourceX] = [Math.round(y + (height - 1) / 2), Math.round(x + (width - 1) / 2)];
      if (sourceY < 0 || sourceY >= height || sourceX < 0 || sourceX >= width) continue;
      result[row * size + at] =
        input.rows.values[row * size + (plane * height + sourceY) * width + sourceX] ?? 0;
    }
  }
  return result;
}

function shiftBy(input: CorruptionInput): (place: Place) => Place {
  const { height, width } = pictureOf(input);
  const [down, right] = [height, width].map(
    (side) => Math.max(1, Math.round(side / 9)) * (2 * input.random.below(2) - 1),
  );
  return ([y, x]) => [y - (down ?? 0), x - (right ?? 0)];
}

function rotation(angle: number): (place: Place) => Place {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return ([y, x]) => [cos * y - sin * x, sin * y + cos * x];
}

/** A square of two sevenths of the side, somewhere in the middle. */
function patched(
  input: CorruptionInput,
  { fill }: { readonly fill: "shuffle" | (() => number) },
): Float32Array {
  const { channels, height, width } = pictureOf(input);
  const size = channels * height * width;
  const result = input.rows.values.slice();
  const [high, wide] = [height, width].map((side) => Math.max(2, Math.round((2 * side) / 7))) as [
    number,
    number,
  ];
  for (let row = 0; row < input.rows.rows; row += 1) {
    const [top, left] = [
      [height, high],
      [width, wide],
    ].map(([side = 1, own = 1]) => Math.round((side - own) * (0.25 + input.random.uniform() / 2))) as [
      number,
      number,
    ];
    for (let plane = 0; plane < channels; plane += 1) {
      const places = Array.from(
        { length: high * wide },
        (_, at) => row * size + (plane * height + top + Math.floor(at / wide)) * width + left + (at % wide),
      );
      const values = places.map((place) => result[place] ?? 0);
      for (const [at, place] of places.entries()) {
        if (fill !== "shuffle") result[place] = fill();
        else {
          const other = input.random.below(values.length - at);
          result[place] = values[other] ?? 0;
          values[other] = values[values.length - at - 1] ?? 0;
        }
      }
    }
  }
  return result;
}

function mixed({ rows, random }: CorruptionInput): Float32Array {
  const size = rows.values.length / rows.rows;
  const others = Int32Array.from({ length: rows.rows }, () => random.below(rows.rows));
  return rows.values.map((value, at) => {
    const other = others[Math.floor(at / size)] ?? 0;
    return (value + (rows.values[other * size + (at % size)] ?? 0)) / 2;
  });
}

function salted({ rows, random }: CorruptionInput): Float32Array {
  const low = rows.values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = rows.values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return rows.values.map((value) => (random.uniform() < 0.05 ? (random.below(2) === 0 ? low : high) : value));
}

/** The mean of three by three pixels, twice. */
function blurred(input: CorruptionInput): Float32Array {
  const { height, width } = pictureOf(input);
  let { values } = input.rows;
  for (let pass = 0; pass < 2; pass += 1) {
    const before = values;
    values = before.map((_, at) => {
      const [x, y] = [at % width, Math.floor(at / width) % height];
      let sum = 0;
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const inside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
          if (inside) sum += before[at + dy * width + dx] ?? 0;
        }
      }
      return sum / 9;
    });
  }
  return values;
}
