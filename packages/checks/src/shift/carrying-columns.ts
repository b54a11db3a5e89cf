import type { Judged } from "./judged.ts";
import type { ColumnFinding, PartFinding, ShiftFinding } from "./test/shift-test.ts";

/** What was seen in one column of the data, by the part that shows most of it. */
export interface CarryingColumn {
  readonly name: string;
  readonly part: string;
  /** The other column, where it is about what goes together; else null. */
  readonly with: string | null;
  /** The chance that any column of the part differs as much. */
  readonly pValue: number;
  readonly effect: number;
  readonly effectByChance: number;
  readonly effectName: string;
  /** It is one of those that the whole rests on. */
  readonly carries: boolean;
}

type Candidate = Omit<CarryingColumn, "carries">;

/** How many are named where none differs by itself. */
const NAMED_ANYWAY = 3;

/**
 * Every column of the data with what shows most of it, the worst first. A column carries the difference when it differs
 * more than any column of its part does by chance; where none does, the worst ones of the part that sees most do.
 */
export function carryingColumns({ parts }: ShiftFinding, { params }: Judged): CarryingColumn[] {
  const all = parts.flatMap((part) => part.columns.flatMap((column) => candidates(part, column)));
  const best = new Map<string, Candidate>();
  for (const one of all.sort(byWeight)) if (!best.has(one.name)) best.set(one.name, one);
  const columns = [...best.values()];
  const clear = columns.filter(({ pValue }) => pValue <= params.significance).length;
  return columns.map((column, at) => ({ ...column, carries: at < (clear > 0 ? clear : NAMED_ANYWAY) }));
}

function candidates(part: PartFinding, { of, pValue, effect, effectByChance }: ColumnFinding): Candidate[] {
  const { name, effectName } = part;
  const found = { part: name, pValue, effect, effectByChance, effectName };
  if (of.length === 2) {
    const [a = "", b = ""] = of;
    return [
      { name: a, with: b, ...found },
      { name: b, with: a, ...found },
    ];
  }
  return of.map((column) => ({ name: column, with: null, ...found }));
}

function byWeight(a: Candidate, b: Candidate): number {
  return a.pValue - b.pValue || b.effect - b.effectByChance - (a.effect - a.effectByChance);
}
