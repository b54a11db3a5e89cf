import { ScanflowError } from "../errors.ts";
import type { Draft } from "./draft.ts";

/**
 * The drafts so that each comes after all its upstreams; among those that may come next, the one written first
 * (Kahn 1962, with a binary heap: O((tasks + edges) log tasks)).
 *
 * Throws `SCANFLOW_DEFINITION_INVALID` when they wait for each other in a ring.
 */
export function sortTopologically(drafts: readonly Draft[]): readonly Draft[] {
  const waiting = drafts.map((draft) => draft.links.size);
  const downstreams: number[][] = drafts.map(() => []);
  for (const draft of drafts) {
    for (const { upstream } of draft.links.values()) downstreams[upstream.position]?.push(draft.position);
  }
  const ready: number[] = [];
  for (const [position, count] of waiting.entries()) if (count === 0) push(ready, position);

  const sorted: Draft[] = [];
  for (let position = pop(ready); position !== undefined; position = pop(ready)) {
    const draft = drafts[position];
    if (draft) sorted.push(draft);
    for (const downstream of downstreams[position] ?? []) {
      const left = (waiting[downstream] ?? 0) - 1;
      waiting[downstream] = left;
      if (left === 0) push(ready, downstream);
    }
  }
  if (sorted.length < drafts.length) {
    const done = new Set(sorted);
    throw ringError(new Set(drafts.filter((draft) => !done.has(draft))));
  }
  return sorted;
}

function ringError(unsorted: ReadonlySet<Draft>): ScanflowError {
  const seen = new Set<Draft>();
  const [start] = unsorted;
  let draft: Draft | undefined = start;
  while (draft && !seen.has(draft)) {
    seen.add(draft);
    const links: Draft["links"] = draft.links;
    draft = [...links.values()].find(({ upstream }) => unsorted.has(upstream))?.upstream;
  }
  const walked = [...seen];
  const ring = draft ? [...walked.slice(walked.indexOf(draft)), draft] : walked;
  const shown = ring.map(({ id }) => id).reverse();
  return new ScanflowError(
    "SCANFLOW_DEFINITION_INVALID",
    `These tasks wait for each other: ${shown.join(" → ")}. Remove one of the references or one "after" between them.`,
  );
}

function push(heap: number[], value: number): void {
  let child = heap.length;
  heap.push(value);
  while (child > 0) {
    const parent = (child - 1) >> 1;
    const above = heap[parent] ?? value;
    if (above <= value) break;
    heap[child] = above;
    child = parent;
  }
  heap[child] = value;
}

function pop(heap: number[]): number | undefined {
  const least = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return least;
  let parent = 0;
  for (;;) {
    let child = 2 * parent + 1;
    const left = heap[child];
    const right = heap[child + 1];
    if (left === undefined) break;
    if (right !== undefined && right < left) child += 1;
    const below = heap[child] ?? left;
    if (below >= last) break;
    heap[parent] = below;
    parent = child;
  }
  heap[parent] = last;
  return least;
}
