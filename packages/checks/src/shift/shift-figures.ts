import type { BarsFigure, Figure } from "../figure/figure.ts";
import type { CarryingColumn } from "./carrying-columns.ts";
import type { Judged } from "./judged.ts";
import { meanImages } from "./pixels.ts";
import type { ShiftFinding } from "./test/shift-test.ts";

const SHOWN = 20;

/** How much each way of looking sees, what carries it, and of images the mean of either side. */
export function shiftFigures(
  { parts }: ShiftFinding,
  judged: Judged,
  columns: readonly CarryingColumn[],
): Figure[] {
  const images = meanImages(judged);
  const shown = columns.filter((column, at) => !columns.slice(0, at).some(isPartner(column))).slice(0, SHOWN);
  const named = shown.map((column) =>
    column.with === null ? column.name : `${column.name} with ${column.with}`,
  );
  return [
    bars(
      {
        title: "How far the window lies from the reference",
        x: "looked at",
        names: parts.map(({ name }) => name),
      },
      parts,
    ),
    ...(images === null ? [] : [images]),
    ...(shown.length < 2 ? [] : [bars({ title: "What carries it", x: "column", names: named }, shown)]),
  ];
}

/** Two columns that were seen together are shown once. */
function isPartner(column: CarryingColumn): (other: CarryingColumn) => boolean {
  return (other) => other.with === column.name && column.with === other.name;
}

interface Sized {
  readonly effect: number;
  readonly effectByChance: number;
}

function bars(
  { title, x, names }: { readonly title: string; readonly x: string; readonly names: readonly string[] },
  sizes: readonly Sized[],
): BarsFigure {
  return {
    kind: "bars",
    title,
    x,
    y: "effect",
    categories: names,
    series: [
      { name: "by chance", values: sizes.map(({ effectByChance }) => effectByChance) },
      { name: "window", values: sizes.map(({ effect }) => effect) },
    ],
  };
}
