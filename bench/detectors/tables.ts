import { batchOf, type ColumnBatch, checkDrift, type Profile, profileColumns } from "@scanflow/checks";
import { createRandom, drawRows, type Random } from "@scanflow/checks/random";
import { line } from "../measure.ts";
import { type Cell, type Row, readAdult, readElec2 } from "./known-tables.ts";

const WINDOW = 500;
/** Half hours of a year, the first of the data. */
const YEAR = 48 * 365;

/** Rows that windows are drawn from, or a run of rows in order. */
interface Shift {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Which columns should be told of. */
  readonly columns?: readonly string[];
  readonly inOrder?: boolean;
}

export interface TablesOptions {
  readonly windows: number;
}

/**
 * How often `checkDrift`, with its defaults, tells of shifts that are known to be there, and of none where there is
 * none: windows of 500 rows of Adult and Elec2.
 */
export function tables({ windows }: TablesOptions): void {
  const [adult, heldOut] = halves(readAdult("train"));
  report("Adult", { reference: adult, windows, shifts: adultShifts(heldOut, readAdult("test")) });
  const elec = readElec2();
  const [firstYear, rest] = halves(elec.slice(0, YEAR));
  report("Elec2", { reference: firstYear, windows, shifts: elecShifts(elec, rest) });
}

function adultShifts(heldOut: readonly Row[], test: readonly Row[]): Shift[] {
  const changed = (column: string, change: (value: Cell, at: number) => Cell) =>
    test.map((row, at) => ({ ...row, [column]: change(row[column] ?? null, at) }));
  const years = (by: number) => changed("age", (age) => Number(age) + by);
  const lost = (every: number) => changed("occupation", (value, at) => (at % every === 0 ? null : value));
  const renamed = (every: number) =>
    changed("workclass", (value, at) => (at % every === 0 ? "Platform" : value));
  return [
    { name: "none: other rows of the training file", rows: heldOut },
    { name: "none: the test file", rows: test },
    { name: "2 years older", rows: years(2), columns: ["age"] },
    { name: "5 years older", rows: years(5), columns: ["age"] },
    { name: "5 % of occupations missing", rows: lost(20), columns: ["occupation"] },
    { name: "20 % of occupations missing", rows: lost(5), columns: ["occupation"] },
    { name: "a new workclass, 5 % of rows", rows: renamed(20), columns: ["workclass"] },
    { name: "a new workclass, 20 % of rows", rows: renamed(5), columns: ["workclass"] },
    { name: "women only", rows: test.filter(({ sex }) => sex === "Female"), columns: ["sex"] },
    {
      name: "twice as many from outside the United States",
      rows: test.flatMap((row) => (row["native-country"] === "United-States" ? [row] : [row, row])),
      columns: ["native-country"],
    },
    {
      name: "13 years of education and more",
      rows: test.filter((row) => Number(row["education-num"]) >= 13),
      columns: ["education-num", "education"],
    },
  ];
}

function elecShifts(all: readonly Row[], rest: readonly Row[]): Shift[] {
  const dearer = (by: number) => rest.map((row) => ({ ...row, nswprice: Number(row.nswprice) * by }));
  return [
    { name: "none: other rows of the first year", rows: rest },
    { name: "first year, ten days in a row", rows: all.slice(0, YEAR), inOrder: true },
    { name: "second year", rows: all.slice(YEAR, 2 * YEAR) },
    { name: "after the second year", rows: all.slice(2 * YEAR) },
    { name: "price 5 % higher", rows: dearer(1.05), columns: ["nswprice"] },
    { name: "price 20 % higher", rows: dearer(1.2), columns: ["nswprice"] },
  ];
}

interface Report {
  readonly reference: readonly Row[];
  readonly windows: number;
  readonly shifts: readonly Shift[];
}

function report(name: string, { reference, windows, shifts }: Report): void {
  const profile = profileColumns(columnsOf(reference), { seed: 1 });
  line(
    `\n${name}: ${windows} windows of ${WINDOW} rows each, checkDrift by default, against ${reference.length} rows\n`,
  );
  line("| shift | alarm | warning or alarm | the changed columns among those told of | most told of |");
  line("| --- | --- | --- | --- | --- |");
  for (const shift of shifts) line(rowOf(shift, { profile, windows }));
}

function rowOf(
  shift: Shift,
  { profile, windows }: { readonly profile: Profile; readonly windows: number },
): string {
  const random = createRandom(37, shift.name);
  const told = new Map<string, number>();
  let [alarms, rings, named] = [0, 0, 0];
  for (let window = 0; window < windows; window += 1) {
    const { status, evidence } = checkDrift(profile, drawWindow(shift, random));
    if (status === "invalid") throw new Error(`${shift.name}: a window could not be judged`);
    if (status === "alarm") alarms += 1;
    if (status !== "ok") rings += 1;
    const columns = Object.entries(evidence).filter(([, column]) => column.status !== "ok");
    for (const [column] of columns) told.set(column, (told.get(column) ?? 0) + 1);
    if (shift.columns?.every((column) => evidence[column]?.status !== "ok")) named += 1;
  }
  const most = [...told].sort(([, a], [, b]) => b - a).slice(0, 3);
  const share = (count: number) => (count / windows).toFixed(2);
  const cells = [
    shift.name,
    share(alarms),
    share(rings),
    shift.columns === undefined ? "" : share(named),
    most.map(([column, count]) => `${column} ${share(count)}`).join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}

function drawWindow({ rows, inOrder = false }: Shift, random: Random): ColumnBatch {
  if (inOrder) {
    const from = random.below(rows.length - WINDOW);
    return batchOf(columnsOf(rows.slice(from, from + WINDOW)));
  }
  return batchOf(columnsOf(Array.from(drawRows(rows.length, WINDOW, random), (row) => rows[row] as Row)));
}

function halves(rows: readonly Row[]): [readonly Row[], readonly Row[]] {
  const order = drawRows(rows.length, rows.length, createRandom(41, "halves"));
  const mixed = Array.from(order, (row) => rows[row] as Row);
  return [mixed.slice(0, rows.length >> 1), mixed.slice(rows.length >> 1)];
}

function columnsOf(rows: readonly Row[]): Record<string, Cell[]> {
  return Object.fromEntries(
    Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => row[name] ?? null)]),
  );
}
