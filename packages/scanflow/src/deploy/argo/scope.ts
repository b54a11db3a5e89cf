import type { PlanIndex } from "./plan-index.ts";
import type { TaskNames } from "./task-names.ts";

/** A piece of an Argo expression, with the names of the tasks beside it that it reads. */
export interface Text {
  readonly text: string;
  readonly reads: ReadonlySet<string>;
}

/** Where a task stands, as a DAG sees it: in it, outside the map that it belongs to, or within one of its maps. */
export type Place =
  | { readonly kind: "here" }
  | { readonly kind: "around" }
  | { readonly kind: "below"; readonly map: string };

/**
 * One DAG template: the workflow itself, or what a map runs for an item. What stands in other DAGs is reached through
 * parameters: `imports` come from around it, `exports` are what it tells of itself.
 */
export class Scope {
  readonly index: PlanIndex;
  readonly names: TaskNames;
  /** The maps around it, outermost first. */
  readonly maps: readonly string[];
  readonly parent: Scope | null;
  /** By the name of the input parameter: its value, in the words of the DAG around. */
  readonly imports = new Map<string, Text>();
  /** By the name of the output parameter: its value. */
  readonly exports = new Map<string, Text>();
  /** By its name, a task that tells `depends` whether something holds that only an expression can say. */
  readonly tellers = new Map<string, Text>();
  readonly #children = new Map<string, Scope>();

  constructor(index: PlanIndex, names: TaskNames, around?: { readonly parent: Scope; readonly map: string }) {
    this.index = index;
    this.names = names;
    this.parent = around?.parent ?? null;
    this.maps = around ? [...around.parent.maps, around.map] : [];
  }

  /** What a map of this DAG runs for an item. */
  child(map: string): Scope {
    const known = this.#children.get(map);
    if (known) return known;
    const made = new Scope(this.index, this.names, { parent: this, map });
    this.#children.set(map, made);
    return made;
  }

  /** How many maps this DAG shares with a task: all of the task's, all of its own, or both. */
  placeOf(id: string): Place {
    const { maps } = this.index.task(id);
    const shared = this.maps.findIndex((map, depth) => maps[depth] !== map);
    if (shared >= 0) return { kind: "around" };
    const map = maps[this.maps.length];
    return map === undefined ? { kind: "here" } : { kind: "below", map };
  }

  /** The value of an input parameter that comes from around: `make` says what it is there. */
  import(name: string, make: (parent: Scope) => Text): Text {
    const { parent } = this;
    if (parent === null)
      throw new Error(`Nothing is around the workflow to take "${name}" from. Report this as a bug.`);
    if (!this.imports.has(name)) this.imports.set(name, make(parent));
    return plain(`inputs.parameters['${name}']`);
  }

  /** The values of an output parameter of a map's items, as a JSON list; `make` says what it is for an item. */
  collect(map: string, name: string, make: (child: Scope) => Text): Text {
    const child = this.child(map);
    if (!child.exports.has(name)) {
      child.exports.set(name, plain("''"));
      child.exports.set(name, make(child));
    }
    const task = this.names.of(map);
    const text = `(tasks['${task}'].status == 'Succeeded' ? tasks['${task}'].outputs.parameters['${name}'] : '[]')`;
    return { text, reads: new Set([task]) };
  }
}

/** Text that reads nothing. */
export function plain(text: string): Text {
  return { text, reads: new Set() };
}

/** Pieces put together: `${…}` takes pieces and strings in. */
export function text(parts: TemplateStringsArray, ...pieces: readonly (Text | string)[]): Text {
  const reads = new Set<string>();
  let whole = parts[0] ?? "";
  for (const [position, piece] of pieces.entries()) {
    whole += (typeof piece === "string" ? piece : piece.text) + (parts[position + 1] ?? "");
    if (typeof piece !== "string") for (const read of piece.reads) reads.add(read);
  }
  return { text: whole, reads };
}

/** Pieces with something between them. */
export function joined(pieces: readonly Text[], between: string): Text {
  const reads = new Set(pieces.flatMap((piece) => [...piece.reads]));
  return { text: pieces.map((piece) => piece.text).join(between), reads };
}
