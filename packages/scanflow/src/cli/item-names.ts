import { itemText, type JsonValue } from "@scanflow/core";
import { clipMiddle, printable } from "./text/width.ts";

const widest = 32;

interface Mapped {
  readonly id: string;
  /** Of a map that was opened. */
  readonly items: readonly JsonValue[] | null;
}

/** What the indices in the ids of tasks stand for, as far as it is known: `fetch[0]` is for Turin. */
export class ItemNames {
  readonly #items = new Map<string, readonly JsonValue[]>();

  constructor(tasks: Iterable<Mapped> = []) {
    for (const { id, items } of tasks) if (items !== null) this.take(id, items);
  }

  /** A map was opened. */
  take(map: string, items: readonly JsonValue[]): void {
    this.#items.set(map, items);
  }

  /** The item that the index at the end of an id stands for, in few words; "" where none does, or it is not known. */
  item(id: string): string {
    const [, map, index] = /^(.*)\[(\d+)\]$/s.exec(id) ?? [];
    const value = map === undefined ? undefined : this.#items.get(map)?.[Number(index)];
    return value === undefined ? "" : clipMiddle(printable(itemText(value)), widest);
  }

  /** A task's id with the items that it is for: `fetch[0] (Turin)`, `train[1]/fit (rate=0.5)`. */
  label(id: string): string {
    const ends = [...id.matchAll(/\[\d+\]/g)].map(({ 0: text, index }) => index + text.length);
    const known = ends.map((end) => this.item(id.slice(0, end))).filter((item) => item !== "");
    return known.length === 0 ? id : `${id} (${known.join(", ")})`;
  }
}
