import type {
  Application,
  CheckerNode,
  ChoiceNode,
  ExecutorNode,
  InputSource,
  OrderEdge,
  Reference,
  Workflow,
  WorkflowNode,
  WorkNode,
} from "../definition/definition.ts";
import { type Expression, parseExpression } from "../expression/index.ts";

/** Normalised definitions with everything that a test does not care about filled in. */
const BASE = { description: "", when: null, after: [] };

const RUNNABLE = {
  ...BASE,
  run: { kind: "command", command: "true" },
  code: [],
  inputs: {},
  outputs: {},
  params: {},
  environment: { kind: "host" },
  resources: { cpu: 1, memory: 0, gpu: 0, storage: 0 },
  placement: { labels: {}, tolerations: [], affinity: null, serviceAccount: null },
  env: {},
  secrets: [],
  retry: { limit: 0, delayMs: 0, factor: 2, maxDelayMs: 0, jitter: 0 },
  timeout: { startMs: null, runMs: null, heartbeatMs: null },
  cache: true,
  map: null,
  allowFailure: false,
} as const;

export function executor(name: string, rest: Partial<ExecutorNode> = {}): ExecutorNode {
  return { kind: "executor", name, ...RUNNABLE, ...rest };
}

export function checker(name: string, rest: Partial<CheckerNode> = {}): CheckerNode {
  return { kind: "checker", name, ...RUNNABLE, failOn: "alarm", ...rest };
}

export function nested(name: string, workflow: string, rest: Partial<WorkflowNode> = {}): WorkflowNode {
  return { kind: "workflow", name, workflow, ...BASE, inputs: {}, params: {}, map: null, ...rest };
}

export function choice(
  name: string,
  branches: ChoiceNode["branches"],
  rest: Partial<ChoiceNode> = {},
): ChoiceNode {
  return { kind: "choice", name, ...BASE, branches, ...rest };
}

export function workflow(name: string, nodes: readonly WorkNode[], rest: Partial<Workflow> = {}): Workflow {
  const base = {
    description: "",
    mode: "batch",
    params: {},
    inputs: [],
    outputs: {},
    tracker: null,
    schedules: [],
  } as const;
  return { kind: "workflow", name, ...base, nodes, ...rest };
}

/** The first workflow is the main one. */
export function application(workflows: readonly Workflow[], rest: Partial<Application> = {}): Application {
  const main = workflows[0]?.name ?? "";
  return { kind: "application", name: "app", description: "", main, tracker: null, workflows, ...rest };
}

export function tracker(name: string, port: number | null = null) {
  return { kind: "tracker", name, description: "", port } as const;
}

/** `node.output`, or `input:name`. */
export function from(text: string): Reference {
  if (text.startsWith("input:")) return { kind: "input", name: text.slice("input:".length) };
  const [node = "", output = ""] = text.split(".");
  return { kind: "output", node, output };
}

export function first(...texts: readonly string[]): InputSource {
  return { kind: "first", of: texts.map(from) };
}

export function behind(node: string, condition: OrderEdge["if"] = "succeeded"): OrderEdge {
  return { node, if: condition };
}

export function output(path: string) {
  return { path, type: "any", optional: false, register: null, description: "" } as const;
}

export function when(text: string, names: "definition" | "plan" = "definition"): Expression {
  return parseExpression(text, { names });
}
