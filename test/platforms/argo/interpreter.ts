import { isExecuted, namedIn } from "./depends.ts";
import { evaluateExpr } from "./expr.ts";
import { goJson, type Value } from "./expr-values.ts";
import {
  type Arguments,
  ended,
  type Node,
  type Task,
  type Template,
  type WorkflowTemplate,
} from "./manifest.ts";
import { expanded, hasTags, type Names, resolveTags } from "./tags.ts";

/** What a workflow runs on. */
export interface World {
  /** Runs the container of a template whose tags are resolved. `artifacts` are handed in, by name. */
  runPod(template: Template, artifacts: Readonly<Record<string, string>>): Promise<Node>;
  /** What a person sets the output parameters of a suspended template to. */
  decide(template: Template): Readonly<Record<string, string>>;
  /** Hears how every task of a DAG ended. `around` are the input parameters of its DAG. */
  heard(task: {
    readonly task: Task;
    readonly template: Template;
    readonly around: Names;
    readonly node: Node;
    readonly beside: Readonly<Record<string, Node>>;
  }): void;
}

/**
 * Carries out a WorkflowTemplate by the rules of Argo Workflows 3.6 for DAGs, as its documentation and the sources named
 * below say them: nothing of ours is known here.
 */
export class Interpreter {
  readonly #templates: ReadonlyMap<string, Template>;
  readonly #globals: Names;
  readonly #world: World;
  readonly #entrypoint: string;

  constructor({ spec }: WorkflowTemplate, world: World, given: Names = {}) {
    this.#templates = new Map(spec.templates.map((template) => [template.name, template]));
    this.#entrypoint = spec.entrypoint;
    this.#world = world;
    const globals: Record<string, string> = { "workflow.name": "run-1", "workflow.uid": "uid-1" };
    for (const { name, value } of spec.arguments?.parameters ?? []) {
      const chosen = given[name] ?? value;
      if (chosen === undefined) throw new Error(`parameter ${name} must be given`);
      globals[`workflow.parameters.${name}`] = chosen;
    }
    this.#globals = globals;
  }

  run(): Promise<Node> {
    return this.#template(this.#entrypoint, {}, {});
  }

  async #template(
    name: string,
    given: Arguments,
    artifacts: Readonly<Record<string, string>>,
  ): Promise<Node> {
    const template = this.#templates.get(name);
    if (!template) throw new Error(`there is no template ${name}`);
    const inputs: Record<string, string> = {};
    for (const parameter of template.inputs?.parameters ?? []) {
      const argument = given.parameters?.find((one) => one.name === parameter.name)?.value;
      const value = argument ?? parameter.value ?? parameter.default;
      if (value === undefined || hasTags(value)) {
        return ended("Error", {
          message: `parameter ${parameter.name} of ${name} is not resolved: ${value}`,
        });
      }
      inputs[`inputs.parameters.${parameter.name}`] = value;
    }
    const names = { ...this.#globals, ...inputs };
    if (template.dag) return this.#dag(resolveTags(template, names), names);
    if (template.suspend) return this.#suspend(resolveTags(template, names));
    return this.#retried(template, names, artifacts);
  }

  #suspend(template: Template): Node {
    const said = template.suspend?.duration === undefined ? this.#world.decide(template) : {};
    const parameters = (template.outputs?.parameters ?? []).map(({ name, valueFrom }): [string, string] => {
      return [name, said[name] ?? valueFrom?.default ?? ""];
    });
    return ended("Succeeded", { parameters: Object.fromEntries(parameters) });
  }

  /** Each attempt is a pod; the last one's end counts. */
  async #retried(
    template: Template,
    names: Names,
    artifacts: Readonly<Record<string, string>>,
  ): Promise<Node> {
    const limit = Number(template.retryStrategy?.limit ?? 0);
    const startedAt = Date.now();
    for (let attempt = 1; ; attempt += 1) {
      const retries = template.retryStrategy ? { retries: String(attempt - 1) } : {};
      const resolved = resolveTags(template, { ...names, ...retries });
      const node = hasTags(resolved)
        ? ended("Error", { message: `unresolved: ${/\{\{.*?\}\}/s.exec(JSON.stringify(resolved))}` })
        : await this.#world.runPod(resolved, artifacts);
      const well = node.phase === "Succeeded";
      if (well || attempt > limit) return { ...node, attempts: attempt, startedAt, endedAt: Date.now() };
    }
  }

  async #dag(template: Template, names: Names): Promise<Node> {
    const dag = template.dag;
    if (!dag) throw new Error("no DAG");
    if (dag.failFast !== false) throw new Error(`${template.name} fails fast, which is not interpreted`);
    const tasks = new Map(dag.tasks.map((task) => [task.name, task]));
    const nodes: Record<string, Node> = {};
    const running = new Map<string, Promise<Node>>();
    const start = (name: string): Promise<Node> => {
      const known = running.get(name);
      if (known) return known;
      const task = tasks.get(name);
      if (!task) throw new Error(`${template.name} has no task ${name}`);
      const node = (async () => {
        const needed = namedIn(task.depends ?? "");
        await Promise.all(needed.map(start));
        const made = await this.#task(template, task, { names, nodes, ancestry: ancestryOf(tasks, name) });
        nodes[name] = made;
        return made;
      })();
      running.set(name, node);
      return node;
    };
    const circle = dag.tasks.find(({ name }) => ancestryOf(tasks, name).includes(name));
    if (circle) throw new Error(`${circle.name} of ${template.name} hangs on itself: ${circle.depends}`);
    const targets = dag.target?.split(" ") ?? leavesOf(dag.tasks);
    await Promise.all(targets.map(start));
    for (const task of dag.tasks) {
      const [node, own] = [nodes[task.name], this.#templates.get(task.template)];
      if (node && own) this.#world.heard({ task, template: own, around: names, node, beside: nodes });
    }
    const phases = targets.flatMap((target) => phasesOf(tasks, nodes, target));
    const bad = phases.find((phase) => phase === "Failed" || phase === "Error");
    // Outputs are set only when the DAG succeeds (workflow/controller/dag.go).
    if (bad) return ended(bad === "Error" ? "Error" : "Failed");
    const scope = { ...names, ...scopeOf(nodes, Object.keys(nodes)) };
    try {
      const parameters = (template.outputs?.parameters ?? []).map(({ name, valueFrom }): [string, string] => {
        const value = evaluateExpr(valueFrom?.expression ?? "nil", expanded(scope));
        return [name, typeof value === "string" ? value : goJson(value)];
      });
      return ended("Succeeded", { parameters: Object.fromEntries(parameters) });
    } catch (error) {
      return ended("Error", { message: `outputs of ${template.name}: ${error}` });
    }
  }

  async #task(template: Template, task: Task, within: Within): Promise<Node> {
    const { names, nodes, ancestry } = within;
    if (task.depends !== undefined) {
      const execute = isExecuted(task.depends, (name) => nodes[name] ?? ended("Error"));
      if (!execute) return ended("Omitted");
    }
    const scope = { ...names, ...scopeOf(nodes, ancestry) };
    const resolved = resolveTags(task, scope);
    const artifacts: Record<string, string> = {};
    for (const { name, from = "", optional = false } of resolved.arguments?.artifacts ?? []) {
      const [, source = "", output = ""] =
        /^\{\{tasks\.([^.]+)\.outputs\.artifacts\.(.+)\}\}$/.exec(from) ?? [];
      const place = nodes[source]?.artifacts[output];
      if (place !== undefined) artifacts[name] = place;
      else if (!optional) return ended("Error", { message: `no artifact ${from}` });
    }
    if (resolved.withParam === undefined) return this.#expanded(resolved, artifacts);
    const items = listOf(resolved.withParam);
    if (items === null) return ended("Error", { message: `withParam is no list: ${resolved.withParam}` });
    if (items.length === 0) return ended("Skipped");
    const made = await inTurns(items, template.parallelism ?? items.length, (item) => {
      const text = typeof item === "string" ? item : goJson(item);
      return this.#expanded(resolveTags(resolved, { item: text }), artifacts);
    });
    const bad = made.findLast(({ phase }) => phase === "Failed" || phase === "Error");
    return ended(bad?.phase ?? "Succeeded", { items: made });
  }

  async #expanded(task: Task, artifacts: Readonly<Record<string, string>>): Promise<Node> {
    if (task.when !== undefined && task.when !== "true") {
      return task.when === "false" ? ended("Skipped") : ended("Error", { message: `when: ${task.when}` });
    }
    return this.#template(task.template, task.arguments ?? {}, artifacts);
  }
}

interface Within {
  readonly names: Names;
  readonly nodes: Readonly<Record<string, Node>>;
  readonly ancestry: readonly string[];
}

function listOf(text: string): readonly Value[] | null {
  try {
    const value = JSON.parse(text) as Value;
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** What a task may name of others: of those it hangs on, over however many. */
function scopeOf(nodes: Readonly<Record<string, Node>>, ancestry: readonly string[]): Names {
  const names: Record<string, string> = {};
  for (const name of ancestry) {
    const node = nodes[name];
    if (!node) continue;
    if (node.items) {
      for (const [parameter, list] of aggregated(node.items))
        names[`tasks.${name}.outputs.parameters.${parameter}`] = list;
      continue;
    }
    names[`tasks.${name}.status`] = node.phase;
    for (const [parameter, value] of Object.entries(node.parameters)) {
      names[`tasks.${name}.outputs.parameters.${parameter}`] = value;
    }
  }
  return names;
}

/** Of items that succeeded: lists and maps as such when all are, else texts (processAggregateNodeOutputs). */
function aggregated(items: readonly Node[]): readonly (readonly [string, string])[] {
  const lists = new Map<string, string[]>();
  for (const { phase, parameters } of items) {
    if (phase !== "Succeeded") continue;
    for (const [name, value] of Object.entries(parameters))
      lists.set(name, [...(lists.get(name) ?? []), value]);
  }
  return [...lists].map(([name, values]) => {
    const read = values.map((value): Value => {
      try {
        return JSON.parse(value) as Value;
      } catch {
        return null;
      }
    });
    const structured = read.every((value) => typeof value === "object" && value !== null);
    return [name, goJson(structured ? read : values)];
  });
}

function ancestryOf(tasks: ReadonlyMap<string, Task>, name: string): readonly string[] {
  const found = new Set<string>();
  const open = [name];
  for (const each of open) {
    for (const needed of namedIn(tasks.get(each)?.depends ?? "")) {
      if (!found.has(needed)) open.push(needed);
      found.add(needed);
    }
  }
  return [...found];
}

function leavesOf(tasks: readonly Task[]): readonly string[] {
  const named = new Set(tasks.flatMap(({ depends = "" }) => namedIn(depends)));
  return tasks.map(({ name }) => name).filter((name) => !named.has(name));
}

/** What was neither left out nor skipped has its own phase; the others take those of what they hang on (assessDAGPhase). */
function phasesOf(
  tasks: ReadonlyMap<string, Task>,
  nodes: Readonly<Record<string, Node>>,
  target: string,
): readonly string[] {
  const phases = new Set<string>();
  const open = new Set([target]);
  for (const name of open) {
    const phase = nodes[name]?.phase ?? "Error";
    if (phase !== "Skipped" && phase !== "Omitted") phases.add(phase);
    else for (const needed of namedIn(tasks.get(name)?.depends ?? "")) open.add(needed);
  }
  return [...phases];
}

async function inTurns<Item, Made>(
  items: readonly Item[],
  most: number,
  make: (item: Item) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) made[at] = await make(items[at] as Item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return made;
}
