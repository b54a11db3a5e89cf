import type { Lineage, LineageEdge, LineageNode } from "../../api/index.ts";

export type Node<Kind extends LineageNode["kind"]> = Extract<LineageNode, { kind: Kind }>;

/** A lineage with what leads to each node at hand. */
export class LineageView {
  readonly lineage: Lineage;
  readonly #nodes: ReadonlyMap<string, LineageNode>;
  readonly #into: ReadonlyMap<string, readonly LineageEdge[]>;

  constructor(lineage: Lineage) {
    this.lineage = lineage;
    this.#nodes = new Map(lineage.nodes.map((node) => [node.id, node]));
    this.#into = Map.groupBy(lineage.edges, ({ to }) => to);
  }

  get subjects(): readonly LineageNode[] {
    return this.lineage.subjects.flatMap((id) => this.node(id) ?? []);
  }

  node(id: string): LineageNode | undefined {
    return this.#nodes.get(id);
  }

  of<Kind extends LineageNode["kind"]>(kind: Kind): Node<Kind>[] {
    return this.lineage.nodes.filter((node): node is Node<Kind> => node.kind === kind);
  }

  into(id: string, kind: LineageEdge["kind"]): readonly LineageEdge[] {
    return (this.#into.get(id) ?? []).filter((edge) => edge.kind === kind);
  }

  /** The attempt or script that wrote an artifact. */
  maker(id: string): Node<"attempt"> | Node<"script"> | undefined {
    for (const { from } of this.into(id, "generated")) {
      const node = this.node(from);
      if (node?.kind === "attempt" || node?.kind === "script") return node;
    }
    return undefined;
  }

  /** The run that most of it was made in: others are named. */
  get mainRun(): string | undefined {
    return this.of("attempt")[0]?.run;
  }
}

/** A digest as far as one has to read it. */
export function shortDigest(digest: string): string {
  return digest === "" ? "digest unknown" : digest.slice(0, 19);
}
