import { readFile } from "node:fs/promises";
import type { StepContext } from "scanflow";
import { chanceOf, FAULTS } from "./shared/faults.ts";
import { PIXELS, type Picture, writePictures } from "./shared/image-table.ts";

type Part = "reference" | "good" | "faulty";

/** Keeps every sixth image for new ones, as many as the original Scanflow had, and spoils every other of these. */
export default async function prepare({
  inputs,
  outputs,
  params,
}: StepContext<"digits", Part, { readonly seed: number }>) {
  const [header, ...lines] = (await readFile(inputs.digits, "utf8")).trimEnd().split(/\r?\n/);
  if (header !== [...PIXELS, "label"].join(",")) {
    throw new Error(`${inputs.digits}: the header must be pixel_0_0,…,label. Mend the file.`);
  }
  const parts: Record<Part, Picture[]> = { reference: [], good: [], faulty: [] };
  const chance = chanceOf(params.seed);
  const faults = Object.entries(FAULTS);
  for (const [row, line] of lines.entries()) {
    const numbers = line.split(",").map(Number);
    const ink = numbers.slice(0, PIXELS.length).map((amount) => amount / 16);
    if (ink.length !== PIXELS.length || !ink.every((one) => one >= 0 && one <= 1)) {
      throw new Error(`${inputs.digits}, line ${row + 2}: not 64 pixels from 0 to 16. Mend the line.`);
    }
    const name = `${row}`;
    if (row % 6 !== 0) parts.reference.push({ name, ink });
    else if (row % 12 === 0) parts.good.push({ name: `${name} good`, ink });
    else {
      const [fault, spoil] = faults[parts.faulty.length % faults.length] ?? [];
      if (spoil) parts.faulty.push({ name: `${name} ${fault}`, ink: spoil(ink, chance) });
    }
  }
  for (const part of ["reference", "good", "faulty"] as const)
    await writePictures(outputs[part], parts[part]);
  return { reference: parts.reference.length, good: parts.good.length, faulty: parts.faulty.length };
}
