import {
  batchOf,
  type ColumnBatch,
  checkContext,
  datasetOf,
  driftChecker,
  type Verdict,
} from "@scanflow/checks";
import { createRandom, normal, type Random } from "@scanflow/checks/random";
import { shiftChecker } from "@scanflow/checks/shift";
import { line } from "../measure.ts";

const REFERENCE = 1_000;

/** How the columns of a table go together, and how the first one is moved. */
interface Ties {
  /** Correlation of the first two columns. */
  readonly pair: number;
  /** Whether the fourth column follows the third one's square. */
  readonly bend: boolean;
  /** Whether the sign of the seventh column is that of the product of the two before it. */
  readonly three: boolean;
  readonly by: number;
}

const usual: Ties = { pair: 0.8, bend: false, three: false, by: 0 };

const changes: readonly (readonly [string, Ties])[] = [
  ["none", usual],
  ["the correlation of two columns falls from .8 to .5", { ...usual, pair: 0.5 }],
  ["it turns round, from .8 to −.8", { ...usual, pair: -0.8 }],
  ["a column begins to follow the square of another", { ...usual, bend: true }],
  ["three columns begin to go together, no two of them", { ...usual, three: true }],
  ["a column grows by half a standard deviation", { ...usual, by: 0.5 }],
];

/**
 * How often a change of a table is found by `drift`, which asks column by column, and by `shift`, which asks one
 * question. But for the last change each column by itself stays as it was. Reference and window are drawn anew for each.
 */
export async function joint({
  windows,
  sizes,
}: {
  windows: number;
  sizes: readonly number[];
}): Promise<void> {
  line(
    `\nNine columns, a reference of ${REFERENCE} rows, ${windows} windows a cell: shares that warn or ring\n`,
  );
  line(`| change | checker | ${sizes.join(" | ")} |`);
  line(`| --- | --- | ${sizes.map(() => "---").join(" | ")} |`);
  for (const [name, ties] of changes) {
    const found: { drift: string[]; shift: string[] } = { drift: [], shift: [] };
    for (const rows of sizes) {
      const random = createRandom(37, `${name}/${rows}`);
      const tell = { drift: 0, shift: 0 };
      for (let seed = 0; seed < windows; seed += 1) {
        const reference = datasetOf("reference", table(REFERENCE, usual, random));
        const window = datasetOf("window", table(rows, ties, random));
        tell.drift += told(await driftChecker(window, reference, checkContext("drift", { seed })));
        tell.shift += told(await shiftChecker(window, reference, checkContext("shift", { seed })));
      }
      found.drift.push((tell.drift / windows).toFixed(2));
      found.shift.push((tell.shift / windows).toFixed(2));
    }
    line(`| ${name} | drift | ${found.drift.join(" | ")} |`);
    line(`| | shift | ${found.shift.join(" | ")} |`);
  }
}

function told({ status }: Verdict): number {
  return status === "ok" ? 0 : 1;
}

function table(rows: number, { pair, bend, three, by }: Ties, random: Random): ColumnBatch {
  const column = (read: (row: number) => number) => Array.from({ length: rows }, (_, row) => read(row));
  const even = () => 2 * random.uniform() - 1;
  const first = column(() => normal(random));
  const [third, fifth, sixth] = [column(even), column(even), column(even)];
  const sign = (row: number) => Math.sign((fifth[row] as number) * (sixth[row] as number));
  return batchOf({
    first: first.map((value) => value + by),
    second: first.map((value) => pair * value + Math.sqrt(1 - pair ** 2) * normal(random)),
    third,
    fourth: column((row) => (bend ? (third[row] as number) : even()) ** 2),
    fifth,
    sixth,
    seventh: column((row) => (three ? sign(row) * Math.abs(even()) : even())),
    city: Array.from({ length: rows }, () => ["Rome", "Oslo", "Bonn"][random.below(3)] ?? null),
    income: column(() => Math.exp(2 * normal(random))),
  });
}
