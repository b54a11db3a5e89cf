import { readFile, writeFile } from "node:fs/promises";

/** Images are squares of this many pixels a side. */
export const SIDE = 8;

const PIXELS = Array.from({ length: SIDE * SIDE }, (_, at) => `pixel_${Math.floor(at / SIDE)}_${at % SIDE}`);
const HEADER = [...PIXELS, "label"].join(",");

export interface Image {
  /** Ink from 0 to 16, row by row from the top left. */
  readonly pixels: readonly number[];
  readonly label: number;
}

export async function readImages(path: string): Promise<Image[]> {
  const [header, ...lines] = (await readFile(path, "utf8")).trimEnd().split(/\r?\n/);
  if (header !== HEADER) throw new Error(`${path}: the header must be pixel_0_0,…,label. Mend the file.`);
  return lines.map((line, at) => {
    const numbers = line.split(",").map(Number);
    const [label = Number.NaN] = numbers.slice(PIXELS.length);
    if (numbers.length !== PIXELS.length + 1 || !numbers.every((ink) => ink >= 0 && ink <= 16)) {
      throw new Error(`${path}, line ${at + 2}: not 64 pixels from 0 to 16 and a label. Mend the line.`);
    }
    return { pixels: numbers.slice(0, PIXELS.length), label };
  });
}

export async function writeImages(path: string, images: readonly Image[]): Promise<void> {
  const lines = images.map(({ pixels, label }) => [...pixels, label].join(","));
  await writeFile(path, `${[HEADER, ...lines].join("\n")}\n`);
}
