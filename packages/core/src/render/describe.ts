import { type DataName, formatDataName } from "../definition/data-name.ts";
import { formatExpression } from "../expression/index.ts";
import type { PlanInput, PlanTask } from "../plan/plan.ts";
import type { DrawnBox, DrawnEdge, DrawnNode } from "./drawing.ts";

/** What a reader is told of a node beside its name, line by line. */
export function describeNode({ id, task, map }: DrawnNode): readonly string[] {
  return [
    `${id}: ${map ? `${task.kind}, once per item` : task.kind}`,
    task.description,
    ...conditionLines(map ?? task),
    ...(map ? conditionLines(task) : []),
    ...("inputs" in task ? Object.entries(task.inputs).map(([name, input]) => inputText(name, input)) : []),
    ...serviceTexts(task),
    ...("outputs" in task
      ? [Object.keys(task.outputs).join(", ")].map((names) => names && `gives ${names}`)
      : []),
  ].filter((line) => line !== "");
}

export function describeBox({
  id,
  workflow,
  description,
  tracker,
  mapped,
  head,
}: DrawnBox): readonly string[] {
  return [
    id === "" ? `workflow ${workflow}` : `${id}: workflow ${workflow}${mapped ? ", once per item" : ""}`,
    description,
    ...(head ? conditionLines(head) : []),
    tracker ? `tracker ${tracker.name}${tracker.port ? ` on port ${tracker.port}` : ""}` : "",
  ].filter((line) => line !== "");
}

const MEANING = { data: "data", value: "a value", order: "order only" } as const;

export function describeEdge({ from, to, kind, label }: DrawnEdge): string {
  return `${from} → ${to}: ${MEANING[kind]}${label === null ? "" : `, ${label}`}`;
}

/** Of a service: `port 8080`, `2 to 4 replicas`, `healthy at /health`. */
export function serviceTexts(task: PlanTask): readonly string[] {
  if (!("service" in task) || task.service === null) return [];
  const { port, replicas, maxReplicas, health } = task.service;
  const most = maxReplicas === null ? "" : ` to ${maxReplicas}`;
  return [
    port === null ? "" : `port ${port}`,
    replicas === 1 && most === "" ? "" : `${replicas}${most} replicas`,
    health === null ? "" : `healthy at ${health}`,
  ].filter((text) => text !== "");
}

/** `model ← train/softmax.model or train/tree.model` */
export function inputText(name: string, input: PlanInput): string {
  if (input.kind === "file") return `${name} ← ${input.path}`;
  if (input.kind === "data") return `${name} ← ${dataText(input)}`;
  const alternatives = input.of.map(({ task, output }) => `${task}.${output}`);
  const { fallback } = input;
  if (fallback !== undefined) {
    alternatives.push(typeof fallback === "string" ? fallback : dataText(fallback));
  }
  return `${name} ← ${alternatives.join(" or ")}`;
}

/** `data digits@2`, `data digits (newest)` */
function dataText(input: DataName): string {
  return `data ${formatDataName(input)}${input.version === null ? " (newest)" : ""}`;
}

function conditionLines(task: PlanTask): readonly string[] {
  return task.when ? [`when ${formatExpression(task.when)}`] : [];
}
