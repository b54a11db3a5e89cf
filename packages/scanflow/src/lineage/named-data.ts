import type { Dataset, Lineage, LineageNode } from "../api/index.ts";

type FileNode = Extract<LineageNode, { kind: "file" }>;

/** The lineage with, for each file of the beginning, the versions of data in the catalog that have its content. */
export function withNamedData(lineage: Lineage, datasets: readonly Dataset[]): Lineage {
  const named = new Map<string, FileNode["data"][number][]>();
  for (const { name: dataset, owner, sensitivity, versions } of datasets) {
    for (const { version, digest } of versions) {
      const known = named.get(digest) ?? [];
      named.set(digest, [...known, { dataset, version, owner, sensitivity }]);
    }
  }
  const nodes = lineage.nodes.map((node) =>
    node.kind === "file" ? { ...node, data: named.get(node.digest) ?? [] } : node,
  );
  return { ...lineage, nodes };
}
