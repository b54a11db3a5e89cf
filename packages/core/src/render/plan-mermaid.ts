import type { Plan } from "../plan/plan.ts";
import {
  type Drawing,
  type DrawnBox,
  type DrawnNode,
  drawingOf,
  type Members,
  membersOf,
} from "./drawing.ts";

/**
 * The plan as a Mermaid flowchart, for Markdown pages: a subgraph per workflow, a shape per kind of node; solid
 * lines are data, dashed ones order, dotted ones values that an expression reads. Mermaid itself refuses charts of
 * more than 500 edges unless its `maxEdges` is raised; use the picture for those.
 */
export function planMermaid(plan: Plan): string {
  const drawing = drawingOf(plan);
  const members = membersOf(drawing);
  const ids = new Map<string, string>();
  for (const [index, box] of drawing.boxes.entries()) ids.set(box.id, `w${index}`);
  for (const [index, node] of drawing.nodes.entries()) ids.set(node.id, `n${index}`);
  const id = (end: string) => ids.get(end) ?? "";
  return [
    "flowchart LR",
    ...drawing.boxes.filter(({ parent }) => parent === null).flatMap((box) => subgraph(members, box, id)),
    ...drawing.edges.map(({ from, to, kind, label }) => {
      const text = label === null ? "" : `|"${mermaidText(label)}"|`;
      return `  ${id(from)} ${kind === "data" ? "-->" : "-.->"}${text} ${id(to)}`;
    }),
    ...dotted(drawing),
    "",
  ].join("\n");
}

type Naming = (end: string) => string;

function subgraph(members: ReadonlyMap<string, Members>, box: DrawnBox, id: Naming): readonly string[] {
  const { nodes, boxes } = members.get(box.id) ?? { nodes: [], boxes: [] };
  const lines = [
    ...nodes.map((node) => id(node.id) + shape(node)),
    ...boxes.flatMap((each) => subgraph(members, each, id)),
  ];
  return [`subgraph ${id(box.id)}["${mermaidText(title(box))}"]`, ...lines, "end"].map((line) => `  ${line}`);
}

function title({ name, workflow, tracker, mapped }: DrawnBox): string {
  const port = tracker?.port ? ` :${tracker.port}` : "";
  return [
    mapped ? `${name} × items` : name,
    workflow === name ? "" : ` (${workflow})`,
    tracker ? `, ${tracker.name}${port}` : "",
  ].join("");
}

const SHAPES = {
  executor: ["(", ")"],
  checker: [">", "]"],
  service: ["([", "])"],
  choice: ["{", "}"],
  approval: ["{{", "}}"],
  labeling: ["[/", "/]"],
} as const;

function shape({ task, map }: DrawnNode): string {
  const [open, close] = map ? ["[[", "]]"] : SHAPES[task.kind];
  return `${open}"${mermaidText(map ? `${task.name} × items` : task.name)}"${close}`;
}

function dotted({ edges }: Drawing): readonly string[] {
  const values = edges.flatMap(({ kind }, index) => (kind === "value" ? [index] : []));
  return values.length === 0 ? [] : [`  linkStyle ${values.join(",")} stroke-dasharray: 1 4`];
}

/** Text for the inside of a quoted Mermaid label: every character that Mermaid, its Markdown or HTML could take for its own becomes an entity code. */
export function mermaidText(text: string): string {
  // An empty label is a syntax error; a no-break space is not.
  return (text || "\u00a0").replace(/[^\p{L}\p{N} ._,:×-]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0xfffd;
    return `#${code < 0x20 || (code >= 0xd800 && code <= 0xdfff) ? 0xfffd : code};`;
  });
}
