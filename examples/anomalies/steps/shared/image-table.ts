import { readFile, writeFile } from "node:fs/promises";
import { type ColumnBatch, gatherRows } from "@scanflow/checks";
import { openDataset } from "scanflow/data";

/** Images are squares of this many pixels a side. */
export const SIDE = 8;

/** Columns of the pixels, row by row from the top left. */
export const PIXELS = Array.from(
  { length: SIDE * SIDE },
  (_, at) => `pixel_${Math.floor(at / SIDE)}_${at % SIDE}`,
);

/** What a detector is told of the files: which columns are the pixels of which image. */
export const PICTURES = { columns: PIXELS, image: [SIDE, SIDE] } as const;

export interface Picture {
  /** What it is called: its row in the file of digits, and for a new one its fault or that it is good. */
  readonly name: string;
  /** From 0 (paper) to 1 (ink), row by row. */
  readonly ink: readonly number[];
}

export async function writePictures(path: string, pictures: readonly Picture[]): Promise<void> {
  const lines = pictures.map(({ name, ink }) => [name, ...ink].join(","));
  await writeFile(path, `${[["image", ...PIXELS].join(","), ...lines].join("\n")}\n`);
}

/** All images of a file, as a table with their names in the column `image`. */
export async function readPictures(path: string): Promise<ColumnBatch> {
  return gatherRows(await openDataset(path));
}

/** What the images of a file are called, in its order. */
export async function readNames(path: string): Promise<string[]> {
  const [, ...lines] = (await readFile(path, "utf8")).trimEnd().split("\n");
  return lines.map((line) => line.slice(0, line.indexOf(",")));
}
