import type { Dataset, DataVersion, Lineage, LineageNode } from "../api/index.ts";

type FileNode = Extract<LineageNode, { kind: "file" }>;
type DataNode = Extract<LineageNode, { kind: "data" }>;
type Known = Pick<DataNode, "owner" | "sensitivity" | "addedBy" | "added" | "note">;

/**
 * The lineage with what the catalog says: for each file of the beginning, the versions of data that have its content;
 * for each version of data, who answers for it and who added it when.
 */
export function withNamedData(lineage: Lineage, datasets: readonly Dataset[]): Lineage {
  const named = new Map<string, FileNode["data"][number][]>();
  const known = new Map<string, Known>();
  for (const { name: dataset, owner, sensitivity, versions } of datasets) {
    for (const { version, digest, addedBy, added, note } of versions) {
      named.set(digest, [...(named.get(digest) ?? []), { dataset, version, owner, sensitivity }]);
      known.set(keyOf({ dataset, version, digest }), { owner, sensitivity, addedBy, added, note });
    }
  }
  const nodes = lineage.nodes.map((node) => {
    if (node.kind === "file") return { ...node, data: named.get(node.digest) ?? [] };
    return node.kind === "data" ? { ...node, ...known.get(keyOf(node)) } : node;
  });
  return { ...lineage, nodes };
}

/** The digest too: a version that was forgotten may have come back from elsewhere with another content. */
function keyOf({
  dataset,
  version,
  digest,
}: Pick<DataVersion, "version" | "digest"> & { dataset: string }): string {
  return `${dataset}@${version} ${digest}`;
}
