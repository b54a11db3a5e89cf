import { pickRows } from "../../maths/pick-rows.ts";
import { medianDistance, squaredDistances } from "../../maths/row-distances.ts";
import { drawRows } from "../../random/draw-rows.ts";
import { normal } from "../../random/normal.ts";
import type { Random } from "../../random/random.ts";
import type { MeasuredColumn } from "../test/measured.ts";

const FREQUENCIES = 128;
/** The kernel is the mean of three: at the median distance, a half and a quarter of it. */
const SHARPER = [1, 2, 4];
/** Rows among which the median distance is looked for. */
const DISTANT_ROWS = 300;

/**
 * Whole rows by a Gaussian kernel, of which the squared distance of means is MMD² (Gretton et al. 2012, A Kernel
 * Two-Sample Test): it sees any change of the joint distribution. Random cosines and sines stand for the kernel (Rahimi
 * and Recht 2007, Random Features for Large-Scale Kernel Machines; Zhao and Meng 2015, FastMMD), so that a drawn window
 * costs a pass over its rows. Three bandwidths follow from the median distance.
 *
 * @param places by column, a number per row
 */
export function learnKernel(places: readonly Float64Array[], rows: number, random: Random) {
  const size = places.length;
  const { values } = pickRows(matrixOf(places, rows), drawRows(rows, Math.min(rows, DISTANT_ROWS), random));
  const some = { rows: Math.min(rows, DISTANT_ROWS), columns: size, values };
  const bandwidth = size === 0 ? 1 : medianDistance(squaredDistances(some), some.rows);
  const frequencies = Array.from({ length: FREQUENCIES }, (_, at) => {
    const sharper = (SHARPER[at % SHARPER.length] ?? 1) / bandwidth;
    return Float64Array.from({ length: size }, () => sharper * normal(random));
  });
  const scale = 1 / Math.sqrt(FREQUENCIES);

  return (own: readonly Float64Array[], count: number): MeasuredColumn[] => {
    if (size === 0) return [];
    return frequencies.flatMap((weights): MeasuredColumn[] => {
      const phases = new Float64Array(count);
      for (let column = 0; column < size; column += 1) {
        const weight = weights[column] as number;
        const numbers = own[column] as Float64Array;
        for (let row = 0; row < count; row += 1)
          phases[row] = (phases[row] as number) + weight * (numbers[row] as number);
      }
      return [Math.cos, Math.sin].map((wave) => ({
        kind: "means",
        of: [],
        numbers: phases.map((phase) => scale * wave(phase)),
      }));
    });
  };
}

function matrixOf(places: readonly Float64Array[], rows: number) {
  const columns = places.length;
  const values = new Float64Array(rows * columns);
  for (const [column, numbers] of places.entries()) {
    for (let row = 0; row < rows; row += 1) values[row * columns + column] = numbers[row] as number;
  }
  return { rows, columns, values };
}
