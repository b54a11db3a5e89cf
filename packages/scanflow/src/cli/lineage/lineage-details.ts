import { itemText } from "@scanflow/core";
import type { LineageNode } from "../../api/index.ts";
import type { Output } from "../output.ts";
import { counted } from "../text/counted.ts";
import { duration } from "../text/duration.ts";
import { moment } from "../text/moment.ts";
import { size } from "../text/size.ts";
import { table } from "../text/table.ts";
import { printable } from "../text/width.ts";
import { attemptLabel } from "./lineage-tree.ts";
import { type LineageView, type Node, shortDigest } from "./lineage-view.ts";

/** Most tasks of one map that are told one by one. */
const MOST_ITEMS = 2;

/** What stands below the tree: every task with what decided it, every choice, and the files at the beginning. */
export function lineageDetails(view: LineageView, output: Output, { all = false } = {}): string[] {
  const title = (text: string) => ["", output.style("bold", text)];
  const lines: string[] = [];
  for (const model of view.of("model")) lines.push(...title(model.id), ...rows(modelRows(model)));
  const makers = itemsTogether(view.lineage.nodes.filter(isMaker));
  const shown = all ? makers : fewOfEachMap(makers);
  for (const maker of shown) {
    const name = maker.kind === "attempt" ? attemptLabel(maker, maker.run) : maker.name;
    lines.push(...title(name), ...rows(maker.kind === "attempt" ? attemptRows(maker) : scriptRows(maker)));
  }
  const left = makers.length - shown.length;
  if (left > 0) lines.push("", `… and ${counted(left, "more task")} of maps; --all tells of each.`);
  const decisions = view.of("decision");
  if (decisions.length > 0) lines.push(...title("Decisions"), ...indented(table(decisions.map(decisionRow))));
  const begun = [...view.of("data"), ...view.of("file"), ...view.of("dataset")];
  if (begun.length > 0) lines.push(...title("In the beginning"), ...indented(table(begun.map(originRow))));
  return lines;
}

type Maker = Node<"attempt"> | Node<"script">;

function isMaker(node: LineageNode): node is Maker {
  return node.kind === "attempt" || node.kind === "script";
}

/** Items of a map in their order, where the last of them stands. */
function itemsTogether(makers: readonly Maker[]): Maker[] {
  const tasks = Map.groupBy(
    makers,
    (maker) => `${maker.kind === "attempt" ? maker.run : ""} ${templateOf(maker)}`,
  );
  return [...tasks.values()].flatMap((same) => same.toReversed());
}

function templateOf(maker: Maker): string {
  return maker.kind === "script" ? maker.id : maker.task.replaceAll(/\[\d+\]/g, "[*]");
}

function fewOfEachMap(makers: readonly Maker[]): Maker[] {
  const seen = new Map<string, number>();
  return makers.filter((maker) => {
    if (maker.kind === "script" || !maker.task.includes("[")) return true;
    const map = templateOf(maker);
    const before = seen.get(map) ?? 0;
    seen.set(map, before + 1);
    return before < MOST_ITEMS;
  });
}

type Row = readonly [name: string, value: string, rest?: string];

function rows(list: readonly Row[]): string[] {
  const wide = Math.max(...list.map(([name]) => name.length));
  return list.map(([name, value]) => `  ${name.padEnd(wide)}  ${printable(value)}`.trimEnd());
}

function modelRows({ registered, aliases, stage, source }: Node<"model">): Row[] {
  return [
    ["registered", moment(registered)],
    ...(aliases.length > 0 ? [["aliases", aliases.join(", ")] as const] : []),
    ...(stage === "None" ? [] : [["stage", stage] as const]),
    ["source", source],
  ];
}

function attemptRows(node: Node<"attempt">): Row[] {
  const { run, attempt, application, workflow, box, recorded, status } = node;
  const tries = attempt > 1 ? `, attempt ${attempt}` : "";
  const where = `${workflow} of ${application}${box === "" ? "" : `, in ${box}`}`;
  const params = Object.entries(node.params).map(([name, value]) => `${name}=${itemText(value)}`);
  const gone = recorded ? "" : " (removed since; what is below is known by the cache key)";
  return [
    ["run", `${run}${tries}: ${where}${gone}`],
    ["when", whenText(node, status === "succeeded" || !recorded ? "" : `, ${status}`)],
    ["command", node.command],
    ...codeRows(node.code),
    ["environment", `${node.environment.summary}  ${shortDigest(node.environment.digest)}`],
    ...(node.environment.image === null ? [] : [["image", node.environment.image] as const]),
    ...(params.length > 0 ? [["params", params.join("  ")] as const] : []),
    ["tracker run", node.trackerRun],
  ];
}

function scriptRows(node: Node<"script">): Row[] {
  const params = Object.entries(node.params).map(([name, value]) => `${name}=${value}`);
  return [
    ["when", whenText(node, "")],
    ...(node.source === null ? [] : [["script", node.source] as const]),
    ...(node.commit === null ? [] : [["commit", node.commit] as const]),
    ...(node.repository === null ? [] : [["repository", node.repository] as const]),
    ...(params.length > 0 ? [["params", params.join("  ")] as const] : []),
    ["tracker run", node.id.slice("runs:/".length)],
  ];
}

function whenText({ started, ended, user }: Pick<Maker, "started" | "ended" | "user">, end: string): string {
  const by = user === null ? "" : `, by ${user}`;
  if (started === null) return `not known${by}${end}`;
  return `${moment(started)}${ended === null ? "" : `, ${duration(ended - started)}`}${by}${end}`;
}

function codeRows(code: Readonly<Record<string, string>>): Row[] {
  const files = Object.entries(code).map(([path, digest]) => [path, shortDigest(digest)]);
  return table(files).map((line, at) => [at === 0 ? "code" : "", line]);
}

function decisionRow({ task, what, reason, by, time, run }: Node<"decision">): string[] {
  const when = time === null ? "" : moment(time);
  if (what === "choice") return [task, `run ${run}`, when, printable(reason)];
  return [
    task,
    `run ${run}`,
    when,
    printable([`approved by ${by ?? "somebody"}`, reason].filter(Boolean).join(": ")),
  ];
}

function originRow(node: Node<"data"> | Node<"file"> | Node<"dataset">): string[] {
  if (node.kind === "dataset") return [node.name, node.digest, printable(node.source)];
  const room = node.size === null ? "" : size(node.size);
  if (node.kind === "data") {
    const { dataset, version, digest, owner, sensitivity, added, addedBy } = node;
    const by = addedBy === null ? "" : ` by ${addedBy}`;
    const facts = [
      sensitivity ?? "not in the catalog any more",
      owner === null ? "" : `of ${owner}`,
      added === null ? "" : `added ${moment(added)}${by}`,
    ];
    return [`${dataset}@${version}`, digest, room, printable(facts.filter(Boolean).join(", "))];
  }
  const data = node.data.map(({ dataset, version, owner, sensitivity }) =>
    [`${dataset}@${version}`, sensitivity, owner === null ? "" : `of ${owner}`].filter(Boolean).join(", "),
  );
  return [printable(node.path), node.digest || "digest unknown", room, data.join("; ")];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
