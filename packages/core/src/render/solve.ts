import { inLayers } from "./in-layers.ts";
import type { Puzzle, Solution } from "./puzzle.ts";

/** The largest puzzle for Dagre, in items and half edges: its time grows with the square of them. */
const LARGEST = 160;
/** How many items and half edges of one picture Dagre is given in all, which is about a second. */
const BUDGET = 1_600;

/** Lays out from left to right. */
export type Solve = (puzzle: Puzzle) => Promise<Solution>;

/**
 * A solver for the boxes of one picture: Dagre where that is quick, else plain layers. Boxes of the same make, such
 * as a workflow that is nested many times, are solved once.
 */
export function solver(): Solve {
  const solved = new Map<string, Promise<Solution>>();
  let left = BUDGET;
  return async (puzzle) => {
    const plain = numbered(puzzle);
    const key = JSON.stringify(plain);
    const known = solved.get(key);
    if (known) return named(puzzle, await known);
    const size = puzzle.items.length + puzzle.edges.length / 2;
    const quick = size <= LARGEST && size <= left;
    if (quick) left -= size;
    const solution = quick ? fine(plain) : Promise.resolve(inLayers(plain));
    solved.set(key, solution);
    return named(puzzle, await solution);
  };
}

async function fine(puzzle: Puzzle): Promise<Solution> {
  // Loaded on first use: few processes that load this package draw.
  const { withDagre } = await import("./with-dagre.ts");
  return withDagre(puzzle);
}

/** The puzzle with numbers for names, so that puzzles of the same make are equal. */
function numbered({ items, edges }: Puzzle): Puzzle {
  const numbers = new Map(items.map(({ id }, index) => [id, String(index)]));
  const number = (id: string) => numbers.get(id) ?? id;
  return {
    items: items.map((item) => ({ ...item, id: number(item.id) })),
    edges: edges.map(({ from, to, label }) => ({ from: number(from), to: number(to), label })),
  };
}

function named({ items }: Puzzle, { middles, lines }: Solution): Solution {
  const named = items.flatMap(({ id }, index) => {
    const middle = middles.get(String(index));
    return middle ? [[id, middle] as const] : [];
  });
  return { middles: new Map(named), lines };
}
