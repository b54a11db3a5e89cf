import { itemText } from "@scanflow/core";
import type { LineageEdge, LineageNode } from "../../api/index.ts";
import { size } from "../text/size.ts";
import { clipMiddle, pad, printable, widthOf } from "../text/width.ts";
import { type LineageView, type Node, shortDigest } from "./lineage-view.ts";

/** Most entries of a folder that many items of a map made. */
const MOST_ENTRIES = 4;
const WIDEST_ITEM = 32;

interface Branch {
  readonly cells: readonly string[];
  readonly under: readonly Branch[];
}

/** What something was made of, as a tree: each line an artifact and who made it, the newest at the top. */
export function lineageTree(view: LineageView, { all = false } = {}): string[] {
  const told = new Set<string>();
  return view.subjects.flatMap((subject) => {
    const tree = new Growing(view, told, all).subject(subject);
    return [tree.cells.filter(Boolean).join("  "), ...drawn(tree.under)];
  });
}

class Growing {
  readonly #view: LineageView;
  /** Makers whose inputs stand in the tree already. */
  readonly #told: Set<string>;
  readonly #all: boolean;

  constructor(view: LineageView, told: Set<string>, all: boolean) {
    this.#view = view;
    this.#told = told;
    this.#all = all;
  }

  subject(node: LineageNode): Branch {
    if (node.kind === "model") {
      const under = this.#view.into(node.id, "derived").map((edge) => this.#edge(edge, []));
      return { cells: [node.id], under };
    }
    if (node.kind === "attempt" || node.kind === "script")
      return { cells: [this.#name(node)], under: this.#causes(node) };
    return this.#thing("", node, null, []);
  }

  /** What an attempt was given, and what let it run. */
  #causes(maker: Node<"attempt"> | Node<"script">): Branch[] {
    this.#told.add(maker.id);
    const decided = this.#view.into(maker.id, "decided");
    const used = this.#view.into(maker.id, "used").map((edge) =>
      this.#edge(
        edge,
        decided.filter(({ name }) => name === edge.name),
      ),
    );
    const named = new Set(this.#view.into(maker.id, "used").map(({ name }) => name));
    const allowed = decided.filter(({ name }) => !named.has(name)).map((edge) => this.#edge(edge, []));
    return [...used, ...allowed, ...this.#read(maker.id)];
  }

  /** Tasks whose results were read, as params, by conditions or as the items of a map. */
  #read(id: string): Branch[] {
    return this.#view.into(id, "informed").flatMap(({ from }) => {
      const node = this.#view.node(from);
      if (node?.kind !== "attempt") return [];
      const told = this.#told.has(node.id);
      const cells = ["result", `← ${this.#name(node)}${told ? ", above" : ""}`];
      return [{ cells, under: told ? [] : this.#causes(node) }];
    });
  }

  #edge({ from, name, cachedIn }: LineageEdge, decided: readonly LineageEdge[]): Branch {
    const node = this.#view.node(from);
    return node ? this.#thing(name, node, cachedIn, decided) : { cells: [name], under: [] };
  }

  #thing(name: string, node: LineageNode, cachedIn: string | null, decided: readonly LineageEdge[]): Branch {
    const chosen = decided.map(({ from }) => `, chosen by ${this.#taskOf(from)}`).join("");
    switch (node.kind) {
      case "artifact": {
        const maker = this.#view.maker(node.id);
        const facts = [printable(node.path), shortDigest(node.digest)];
        if (!maker) return this.#folder(name, node, { facts, chosen });
        const told = this.#told.has(maker.id);
        const cached = cachedIn !== null && cachedIn !== (maker.kind === "attempt" ? maker.run : "");
        const by = `← ${this.#name(maker)}${cached ? ", from the cache" : ""}${chosen}${told ? ", above" : ""}`;
        return { cells: [name, ...facts, by], under: told ? [] : this.#causes(maker) };
      }
      case "file": {
        const room = node.size === null ? "" : `, ${size(node.size)}`;
        const cells = [
          name,
          printable(node.path),
          shortDigest(node.digest),
          `your file${room}${dataNames(node)}${chosen}`,
        ];
        return { cells, under: [] };
      }
      case "data": {
        const room = node.size === null ? "" : `, ${size(node.size)}`;
        const of = node.owner === null ? "" : ` of ${node.owner}`;
        const cells = [
          name,
          `${node.dataset}@${node.version}`,
          shortDigest(node.digest),
          `data${of}${room}${chosen}`,
        ];
        return { cells, under: [] };
      }
      case "dataset":
        return {
          cells: [name, node.digest, `data that the script named: ${printable(node.source)}`],
          under: [],
        };
      case "decision":
        return { cells: [`${node.task}: ${this.#verdict(node)}`], under: this.#read(node.id) };
      default:
        return { cells: [name, `← ${this.#name(node)}`], under: [] };
    }
  }

  /** A folder with what the items of a map made. */
  #folder(
    name: string,
    node: Node<"artifact">,
    { facts, chosen }: { facts: readonly string[]; chosen: string },
  ): Branch {
    const entries = this.#view.into(node.id, "derived");
    const shown = this.#all ? entries : entries.slice(0, MOST_ENTRIES);
    const more = entries.length - shown.length;
    const under = [
      ...shown.map((edge) => this.#edge(edge, [])),
      ...(more > 0 ? [{ cells: [`… and ${more} more`], under: [] }] : []),
    ];
    return { cells: [name, ...facts, `← ${entries.length} items${chosen}`], under };
  }

  #verdict({ what, by }: Node<"decision">): string {
    if (what === "choice") return "this branch was taken";
    return by === null ? "approved" : `approved by ${by}`;
  }

  #taskOf(id: string): string {
    const node = this.#view.node(id);
    return node?.kind === "decision" ? node.task : id;
  }

  #name(node: LineageNode): string {
    if (node.kind === "script") return `${node.name} (a script of its own)`;
    return node.kind === "attempt" ? attemptLabel(node, this.#view.mainRun) : node.id;
  }
}

/** `, digits@2 of ann`, for data that the catalog knows. */
function dataNames({ data }: Node<"file">): string {
  return data
    .map(({ dataset, version, owner }) => `, ${dataset}@${version}${owner === null ? "" : ` of ${owner}`}`)
    .join("");
}

/** A task with its item, and its run where that is another one. */
export function attemptLabel({ task, item, run }: Node<"attempt">, mainRun: string | undefined): string {
  const what = item === undefined ? "" : ` (${clipMiddle(printable(itemText(item)), WIDEST_ITEM)})`;
  return `${task}${what}${run === mainRun ? "" : ` of run ${run}`}`;
}

/** Branches with the lines that join them; cells of the same branch stand under each other. */
function drawn(branches: readonly Branch[]): string[] {
  const widths: number[] = [];
  for (const { cells } of branches) {
    cells.forEach((cell, at) => {
      if (at < cells.length - 1) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
    });
  }
  return branches.flatMap(({ cells, under }, at) => {
    const last = at === branches.length - 1;
    const line = cells.map((cell, column) =>
      column === cells.length - 1 ? cell : pad(cell, widths[column] ?? 0),
    );
    const below = drawn(under).map((inner) => `${last ? "   " : "│  "}${inner}`);
    return [`${last ? "└─ " : "├─ "}${line.filter((cell) => cell !== "").join("  ")}`, ...below];
  });
}
