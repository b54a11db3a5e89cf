import { type GraphPicture, itemText, mermaidText, type PictureEdge, type PictureNode } from "@scanflow/core";
import type { Lineage, LineageEdge, LineageNode } from "../api/index.ts";

/** A lineage as a graph to draw, from the files of the beginning to what was asked about. */
export function lineagePicture({ subjects, nodes, edges }: Lineage): GraphPicture {
  return {
    title: `Where ${subjects.join(", ")} came from`,
    // A picture is laid out in the order of time.
    nodes: nodes.map(pictureNode).reverse(),
    edges: edges.map(pictureEdge),
  };
}

/** The same for Markdown pages, as a Mermaid flowchart with a box for each nested workflow. */
export function lineageMermaid(lineage: Lineage): string {
  const ids = new Map(lineage.nodes.map(({ id }, at) => [id, `n${at}`]));
  const boxes = Map.groupBy(lineage.nodes.toReversed(), (node) => (node.kind === "attempt" ? node.box : ""));
  return [
    "flowchart LR",
    ...[...boxes].flatMap(([box, members], at) => {
      const lines = members.map((node) => `${ids.get(node.id)}${mermaidShape(node)}`);
      if (box === "") return lines.map((line) => `  ${line}`);
      return [`  subgraph b${at}["${mermaidText(box)}"]`, ...lines.map((line) => `    ${line}`), "  end"];
    }),
    ...lineage.edges.map((edge) => {
      const { from, to, kind, label } = pictureEdge(edge);
      const text = label === null ? "" : `|"${mermaidText(label)}"|`;
      return `  ${ids.get(from)} ${kind === "data" ? "-->" : "-.->"}${text} ${ids.get(to)}`;
    }),
    "",
  ].join("\n");
}

function mermaidShape(node: LineageNode): string {
  const { name, remark } = pictureNode(node);
  const text = mermaidText(remark === "" ? name : `${name}, ${remark}`);
  if (node.kind === "attempt" || node.kind === "script") return `("${text}")`;
  return node.kind === "decision" ? `{"${text}"}` : `["${text}"]`;
}

function pictureEdge({ from, to, kind, name, cachedIn }: LineageEdge): PictureEdge {
  const label = cachedIn === null ? name : `${name} (cached)`;
  switch (kind) {
    case "used":
      return { from, to, kind: "data", label };
    case "derived":
      return { from, to, kind: "data", label: name === "" ? null : name };
    case "generated":
      return { from, to, kind: "data", label: null };
    default:
      return { from, to, kind: kind === "informed" ? "value" : "order", label: null };
  }
}

function pictureNode(node: LineageNode): PictureNode {
  const { id } = node;
  switch (node.kind) {
    case "model": {
      const remark = node.aliases.map((alias) => `@${alias}`).join(" ");
      return { id, kind: "service", shape: "thing", name: id, remark, details: [node.source] };
    }
    case "artifact": {
      const { path: name, digest } = node;
      return { id, kind: "tracker", shape: "thing", name, remark: short(digest), details: [id, digest] };
    }
    case "file":
      return {
        ...{ id, kind: "labeling", shape: "thing", name: node.path },
        remark: short(node.digest),
        details: [
          "a file of the application's folder",
          node.digest,
          ...node.data.map(({ dataset, version }) => `${dataset}@${version}`),
        ],
      };
    case "data": {
      const { dataset, version, owner, digest, sensitivity } = node;
      return {
        ...{ id, kind: "labeling", shape: "thing", name: `${dataset}@${version}` },
        remark: owner === null ? short(digest) : `of ${owner}, ${short(digest)}`,
        details: ["a version of data in the catalog", digest, ...(sensitivity === null ? [] : [sensitivity])],
      };
    }
    case "dataset":
      return {
        ...{ id, kind: "labeling", shape: "thing", name: node.name },
        remark: node.digest,
        details: [node.source],
      };
    case "script":
      return {
        ...{ id, kind: "executor", shape: "task", name: node.name },
        remark: who(node),
        details: [id, node.source ?? ""],
      };
    case "attempt": {
      const item = node.item === undefined ? "" : ` (${itemText(node.item)})`;
      return {
        ...{ id, kind: "executor", shape: "task", name: `${node.task}${item}` },
        remark: who(node),
        details: [
          `run ${node.run}, attempt ${node.attempt}`,
          node.command,
          `environment: ${node.environment.summary} ${short(node.environment.digest)}`,
          ...(node.environment.image === null ? [] : [`ran in ${node.environment.image}`]),
          ...Object.entries(node.code).map(([path, digest]) => `${path} ${short(digest)}`),
          ...Object.entries(node.params).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
        ],
      };
    }
    case "decision":
      return {
        ...{ id, kind: node.what, shape: "task", name: node.task },
        remark: node.by ?? "",
        details: [node.reason],
      };
  }
}

function who({ user, started }: { user: string | null; started: number | null }): string {
  const when = started === null ? "" : new Date(started).toISOString().slice(0, 16).replace("T", " ");
  return [user === null ? "" : `by ${user}`, when].filter((part) => part !== "").join(", ");
}

function short(digest: string): string {
  return digest.slice(0, 19);
}
