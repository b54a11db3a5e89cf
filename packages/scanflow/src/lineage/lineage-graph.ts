import type { Lineage, LineageEdge, LineageNode } from "../api/index.ts";

type Kind = LineageEdge["kind"];

/** Collects nodes and edges, each once. */
export class LineageGraph {
  readonly #nodes = new Map<string, LineageNode>();
  readonly #beginnings = new Map<string, LineageNode>();
  readonly #edges = new Map<string, LineageEdge>();
  readonly #seen = new Set<string>();

  /** True the first time: the caller then adds what is behind it, and the node itself last. */
  enter(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    return true;
  }

  add(node: LineageNode): void {
    this.#nodes.set(node.id, node);
  }

  /** Something that nothing here was made before. */
  begin(node: LineageNode): void {
    this.#beginnings.set(node.id, node);
  }

  /** Ids of the nodes that stand for a content. */
  holding(digest: string): string[] {
    return [...this.#nodes.values()].flatMap((node) =>
      "digest" in node && node.digest === digest ? [node.id] : [],
    );
  }

  link(
    kind: Kind,
    from: string,
    to: string,
    { name = "", cachedIn = null }: Partial<LineageEdge> = {},
  ): void {
    this.#edges.set(JSON.stringify([kind, from, to, name]), { from, to, kind, name, cachedIn });
  }

  /** Nodes were added when all behind them was: the other way round, each stands before what it was made from. */
  finish(subjects: readonly string[]): Lineage {
    return {
      subjects,
      nodes: [...[...this.#nodes.values()].reverse(), ...this.#beginnings.values()],
      edges: [...this.#edges.values()],
    };
  }
}
