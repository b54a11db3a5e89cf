import { readFile, writeFile } from "node:fs/promises";
import { FEATURES, type Shape } from "./shape.ts";

const HEADER = [...FEATURES, "label"].join(",");

/** The features of one image and what it shows. */
export interface Sample {
  readonly features: readonly number[];
  readonly label: number;
}

/** Which samples a model learns from, is chosen by and is reported on: two, one and one out of four. */
export type Part = "training" | "validation" | "test";

const PARTS: readonly Part[] = ["test", "validation", "training", "training"];

/** The samples in the table's order. */
export async function readSamples(path: string): Promise<Sample[]> {
  const [header, ...lines] = (await readFile(path, "utf8")).trimEnd().split("\n");
  if (header !== HEADER) throw new Error(`${path}: the header must be ${HEADER}. Make the table anew.`);
  return lines.map((line) => {
    const numbers = line.split(",").map(Number);
    return { features: numbers.slice(0, -1), label: numbers.at(-1) ?? Number.NaN };
  });
}

export async function readShapes(path: string): Promise<Record<Part, Sample[]>> {
  const parts: Record<Part, Sample[]> = { training: [], validation: [], test: [] };
  for (const [at, sample] of (await readSamples(path)).entries()) {
    parts[PARTS[at % PARTS.length] ?? "training"].push(sample);
  }
  return parts;
}

export async function writeShapes(
  path: string,
  shapes: readonly (Shape & { readonly label: number })[],
): Promise<void> {
  const lines = shapes.map((shape) => [...FEATURES.map((name) => shape[name]), shape.label].join(","));
  await writeFile(path, `${[HEADER, ...lines].join("\n")}\n`);
}
