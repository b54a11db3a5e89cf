import { formatExpression } from "../expression/index.ts";
import type { Plan, PlanBranch, PlanTask } from "../plan/plan.ts";
import { branchLabel } from "./branch-label.ts";
import { inputText, serviceTexts } from "./describe.ts";
import {
  type Drawing,
  type DrawnBox,
  type DrawnNode,
  drawingOf,
  type Members,
  membersOf,
} from "./drawing.ts";
import { itemText } from "./item-text.ts";

/**
 * The plan as a tree for the terminal: one line per node with its kind, where its inputs come from and what it
 * waits for, nested workflows indented below theirs, the branches of a choice listed with what they run.
 */
export function planText(plan: Plan): string {
  const drawing = drawingOf(plan);
  const tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  const context = { members: membersOf(drawing), orders: ordersOf(drawing), tasks };
  const rows = drawing.boxes
    .filter(({ parent }) => parent === null)
    .flatMap((box) => [boxRow(box, "", []), ...rowsIn(box.id, "", context)]);
  const treeWidth = widest(rows.map(({ tree }) => tree));
  const kindWidth = widest(rows.map(({ kind }) => kind));
  return rows
    .map(({ tree, kind, facts }) => {
      const line = `${tree.padEnd(treeWidth)}  ${kind.padEnd(kindWidth)}  ${facts.join(", ")}`;
      return `${clean(line).trimEnd()}\n`;
    })
    .join("");
}

interface Row {
  readonly tree: string;
  readonly kind: string;
  readonly facts: readonly string[];
}

interface Context {
  readonly members: ReadonlyMap<string, Members>;
  /** What each node or box waits for without taking anything from it. */
  readonly orders: ReadonlyMap<string, readonly string[]>;
  readonly tasks: ReadonlyMap<string, PlanTask>;
}

function rowsIn(box: string, indent: string, context: Context): readonly Row[] {
  const { nodes = [], boxes = [] } = context.members.get(box) ?? {};
  const members = [...nodes, ...boxes].sort((a, b) => a.place - b.place);
  return members.flatMap((member, index): readonly Row[] => {
    const last = index === members.length - 1;
    const [branch, below] = last ? ["└─ ", "   "] : ["├─ ", "│  "];
    const orders = context.orders.get(member.id) ?? [];
    if ("parent" in member) {
      return [boxRow(member, indent + branch, orders), ...rowsIn(member.id, indent + below, context)];
    }
    return [
      nodeRow(member, indent + branch, orders),
      ...branchLines(member.task, context).map((line) => ({ tree: indent + below, kind: "", facts: [line] })),
    ];
  });
}

function boxRow(box: DrawnBox, tree: string, orders: readonly string[]): Row {
  const { name, workflow, mapped, tracker, head } = box;
  const port = tracker?.port ? ` :${tracker.port}` : "";
  return {
    tree: tree + name,
    kind: mapped ? "workflow × items" : "workflow",
    facts: [
      ...(workflow === name ? [] : [workflow]),
      ...(tracker ? [`tracked by ${tracker.name}${port}`] : []),
      ...items(head),
      ...conditions(head),
      ...orders,
    ],
  };
}

function nodeRow({ task, map }: DrawnNode, tree: string, orders: readonly string[]): Row {
  const inputs = "inputs" in task ? Object.entries(task.inputs) : [];
  return {
    tree: tree + task.name,
    kind: map ? `${task.kind} × items` : task.kind,
    facts: [
      ...inputs.map(([name, input]) => inputText(name, input)),
      ...serviceTexts(task),
      ...items(map),
      ...conditions(map),
      ...conditions(task),
      ...orders,
    ],
  };
}

const longest = 60;
const longestItem = 30;

/** What a map runs over, where that is known before the run: `for Turin, Ghent`, `for 1, 2, … (50 items)`. */
function items(map: PlanTask | null): readonly string[] {
  if (map?.kind !== "map" || map.over.kind !== "literal" || !Array.isArray(map.over.value)) return [];
  const texts = map.over.value.map((item) => shortened(itemText(item)));
  let shown = 0;
  for (let length = 0; shown < texts.length; shown += 1) {
    length += (texts[shown]?.length ?? 0) + 2;
    if (length > longest) break;
  }
  if (shown === texts.length) return [`for ${texts.join(", ") || "no item"}`];
  return [`for ${[...texts.slice(0, shown), "…"].join(", ")} (${texts.length} items)`];
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= longestItem ? text : `${characters.slice(0, longestItem - 1).join("")}…`;
}

function conditions(task: PlanTask | null): readonly string[] {
  return task?.when ? [`when ${formatExpression(task.when)}`] : [];
}

function ordersOf({ edges, nodes }: Drawing): ReadonlyMap<string, readonly string[]> {
  const choices = new Set(nodes.flatMap(({ id, task }) => (task.kind === "choice" ? [id] : [])));
  const orders = new Map<string, string[]>();
  for (const { from, to, kind, label } of edges) {
    if (kind !== "order" || (label !== null && choices.has(from))) continue;
    const text = label === null ? `after ${from}` : `after ${from} ${label}`;
    const known = orders.get(to);
    if (known) known.push(text);
    else orders.set(to, [text]);
  }
  return orders;
}

/** `device.kind == "b": B1, or else B2` */
function branchLines(task: PlanTask, { tasks }: Context): readonly string[] {
  if (task.kind !== "choice") return [];
  return task.branches.map((branch) => {
    const outputs = Object.entries(branch.outputs).map(([name, input]) => inputText(name, input));
    const does = [...targetTexts(branch, tasks), ...outputs].join(", ");
    return `${branchLabel(branch)}: ${does || "nothing"}`;
  });
}

function targetTexts({ targets }: PlanBranch, tasks: ReadonlyMap<string, PlanTask>): readonly string[] {
  return targets.map((id, index) => {
    if (index === 0) return id;
    const fallback = tasks.get(id)?.guards.some(({ kind }) => kind === "fallback");
    return `${fallback ? "or else" : "then"} ${id}`;
  });
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0);
}

/** Names must not steer the terminal. */
function clean(line: string): string {
  return line.toWellFormed().replace(CONTROLS, "\u{fffd}");
}

const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
