import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Application, InputSource, Reference, WorkNode } from "../definition/definition.ts";
import { sortByWaits } from "../definition/rules/sort.ts";
import { nodeWaits } from "../definition/rules/waits.ts";
import { chosenBy } from "../definition/sources.ts";
import { type Expression, references } from "../expression/index.ts";
import { generatedApplication } from "./generated.test.support.ts";
import type { Plan, PlanTask } from "./plan.ts";
import { planJson } from "./plan-json.ts";
import { planWorkflow } from "./plan-workflow.ts";
import { application, workflow } from "./written.test.support.ts";

const anything = generatedApplication({ kinds: ["executor", "workflow", "choice"], maps: true });
const plain = generatedApplication({ kinds: ["executor", "workflow"], maps: false, joins: false });

describe("the plan of any application", () => {
  test("has unique ids, and every edge points to a task before", () => {
    fc.assert(
      fc.property(anything, (app) => {
        const before = new Set<string>();
        for (const task of planWorkflow(app).tasks) {
          expect(before).not.toContain(task.id);
          for (const edge of task.upstreams) expect(before).toContain(edge.task);
          before.add(task.id);
        }
      }),
    );
  });

  test("has tasks that wait for each other in no ring, as the validator says too", () => {
    fc.assert(
      fc.property(anything, (app) => {
        for (const each of app.workflows) {
          const sites = each.nodes.map((node) => ({ node, path: [] }));
          const named = new Map(sites.map((site) => [site.node.name, site]));
          const none = { trackers: [], broken: new Set<string>(), unread: new Set<string>() };
          const site = { workflow: each, path: [], nodes: sites, named, ...none };
          expect(sortByWaits(nodeWaits(site)).circles).toEqual([]);
        }
      }),
    );
  });

  test("names only tasks, groups and trackers that exist", () => {
    fc.assert(
      fc.property(anything, (app) => {
        const plan = planWorkflow(app);
        const ids = new Set(plan.tasks.map(({ id }) => id));
        const groups = new Set(plan.groups.map(({ id }) => id));
        const trackers = new Set(plan.trackers.map(({ id }) => id));
        for (const group of plan.groups) expect(trackers).toContain(group.tracker);
        for (const task of plan.tasks) {
          expect(groups).toContain(task.group);
          for (const named of namedTasks(task)) expect(ids).toContain(named);
        }
      }),
    );
  });

  test("makes a task wait for every task whose output or value it uses", () => {
    fc.assert(
      fc.property(anything, (app) => {
        const plan = planWorkflow(app);
        const ancestors = ancestorsOf(plan);
        for (const task of plan.tasks) {
          const awaited = new Set(task.upstreams.map((edge) => edge.task));
          for (const id of readTasks(task)) expect(awaited).toContain(id);
          if (task.kind === "choice") continue;
          for (const producer of producersOf(task)) expect(awaited).toContain(producer);
          for (const id of chosenFrom(plan, producersOf(task))) expect(ancestors.get(task.id)).toContain(id);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("makes a choice wait for what its branches name, but for what it runs itself", () => {
    fc.assert(
      fc.property(anything, (app) => {
        const plan = planWorkflow(app);
        const ancestors = ancestorsOf(plan);
        for (const task of plan.tasks) {
          if (task.kind !== "choice") continue;
          const awaited = new Set(task.upstreams.map((edge) => edge.task));
          for (const producer of producersOf(task)) {
            expect(awaited.has(producer) || ancestors.get(producer)?.has(task.id)).toBe(true);
          }
        }
      }),
    );
  });

  test("puts a node behind every task of the nodes that it is written after, and of what they chose", () => {
    fc.assert(
      fc.property(anything, (app) => {
        const plan = planWorkflow(app);
        const ancestors = ancestorsOf(plan);
        const main = app.workflows.find(({ name }) => name === app.main);
        const named = new Map(main?.nodes.map((node) => [node.name, node]));
        for (const node of named.values()) {
          for (const edge of node.after) {
            const upstream = named.get(edge.node);
            const chosen = upstream?.kind === "choice" ? chosenBy(upstream, (name) => named.get(name)) : null;
            const awaited = chosen && !chosen.has(node.name) ? [edge.node, ...chosen] : [edge.node];
            for (const task of plan.tasks) {
              if (!awaited.some((name) => isOf(task.id, name))) continue;
              expect(ancestors.get(node.name)).toContain(task.id);
            }
          }
        }
      }),
    );
  });

  test("is the same, byte for byte, whatever order the keys of its definition have", () => {
    fc.assert(
      fc.property(anything, (app) => {
        const copy: Application = JSON.parse(JSON.stringify(app), reversedKeys);
        expect(planJson(planWorkflow(copy))).toBe(planJson(planWorkflow(app)));
      }),
    );
  });

  test("has the work tasks of the same workflow written without nesting, in the same order", () => {
    fc.assert(
      fc.property(plain, (app) => {
        const flat = planWorkflow(inlined(app));
        const plan = planWorkflow(app);
        const work = (of: Plan) => of.tasks.filter(({ kind }) => kind === "executor");
        const rename = (text: string) => text.replaceAll("__", "/");
        const described = (of: Plan) => {
          const ancestors = ancestorsOf(of);
          const ids = new Set(work(of).map(({ id }) => id));
          const rows = work(of).map((task): [string, unknown] => {
            const behind = [...(ancestors.get(task.id) ?? [])].filter((id) => ids.has(id));
            return [rename(task.id), { inputs: "inputs" in task && task.inputs, behind: behind.sort() }];
          });
          return rename(JSON.stringify(rows.sort(([a], [b]) => (a < b ? -1 : 1))));
        };
        expect(described(plan)).toBe(described(flat));
      }),
    );
  });
});

function reversedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse());
}

function isOf(id: string, node: string): boolean {
  return id === node || id.startsWith(`${node}/`) || id.startsWith(`${node}[*]`);
}

function ancestorsOf(plan: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const task of plan.tasks) {
    const own = new Set<string>();
    for (const { task: id } of task.upstreams) {
      own.add(id);
      for (const further of ancestors.get(id) ?? []) own.add(further);
    }
    ancestors.set(task.id, own);
  }
  return ancestors;
}

function producersOf(task: PlanTask): readonly string[] {
  const inputs = [
    ...("inputs" in task ? Object.values(task.inputs) : []),
    ...(task.kind === "choice" ? task.branches.flatMap(({ outputs }) => Object.values(outputs)) : []),
  ];
  return inputs.flatMap((input) => (input.kind === "output" ? input.of.map((each) => each.task) : []));
}

/** All that may be behind the outputs of choices among these tasks, however many choices there are on the way. */
function chosenFrom(plan: Plan, ids: readonly string[]): ReadonlySet<string> {
  const found = new Set(ids);
  for (const id of found) {
    const task = plan.tasks.find((each) => each.id === id);
    if (task?.kind === "choice") for (const producer of producersOf(task)) found.add(producer);
  }
  return found;
}

function expressionsOf(task: PlanTask): readonly Expression[] {
  const values = [
    ...("params" in task ? Object.values(task.params) : []),
    ...(task.kind === "map" ? [task.over] : []),
  ];
  return [
    task.when,
    ...values.map((value) => (value.kind === "expression" ? value.expression : null)),
    ...(task.kind === "choice" ? task.branches.map((branch) => branch.when) : []),
  ].filter((expression) => expression !== null);
}

function pathsOf(task: PlanTask, root: string): readonly string[] {
  const paths = expressionsOf(task).flatMap((expression) => references(expression));
  for (const [name] of paths) expect(["params", "tasks", "items", "device"]).toContain(name);
  return paths.flatMap(([name, id]) => (name === root && id !== undefined ? [id] : []));
}

function readTasks(task: PlanTask): readonly string[] {
  return pathsOf(task, "tasks");
}

function namedTasks(task: PlanTask): readonly string[] {
  const items = pathsOf(task, "items");
  for (const map of items) expect(task.maps).toContain(map);
  return [
    ...task.maps,
    ...items,
    ...readTasks(task),
    ...producersOf(task),
    ...(task.kind === "choice" ? task.branches.flatMap(({ targets }) => targets) : []),
    ...task.guards.flatMap((guard) => {
      if (guard.kind === "fallback") return guard.failed;
      return guard.kind === "branch" ? [guard.choice] : [guard.task];
    }),
  ];
}

/** The main workflow written without nesting: the nodes of `train` stand in its place as `train__fit`. */
function inlined(app: Application): Application {
  return application([workflow(app.main, inlinedNodes(app, app.main, ROOT))]);
}

interface Place {
  readonly prefix: string;
  /** What the surrounding workflow binds to the inputs, in the flat names. */
  readonly bound: Readonly<Record<string, InputSource>>;
  readonly after: WorkNode["after"];
}

const ROOT: Place = { prefix: "", bound: {}, after: [] };

function inlinedNodes(app: Application, name: string, place: Place): readonly WorkNode[] {
  const { nodes = [] } = app.workflows.find((each) => each.name === name) ?? {};
  const resolve = (source: InputSource): InputSource => inlinedSource(app, name, { ...place, source });
  return nodes.flatMap((node): readonly WorkNode[] => {
    const written = node.after.flatMap((edge) => {
      const target = nodes.find((each) => each.name === edge.node);
      return target ? namesOf(app, target, place.prefix).map((each) => ({ ...edge, node: each })) : [];
    });
    const after = [...place.after, ...written.map((edge) => ({ ...edge, if: "finished" as const }))];
    const reads = node.when ? references(node.when).filter(([root]) => root === "nodes") : [];
    for (const [, read] of reads) {
      const target = nodes.find((each) => each.name === read);
      for (const each of target ? namesOf(app, target, place.prefix) : []) {
        after.push({ node: each, if: "finished" });
      }
    }
    if (node.kind === "executor") {
      const inputs = Object.fromEntries(
        Object.entries(node.inputs).map(([key, source]) => [key, resolve(source)]),
      );
      return [{ ...node, name: place.prefix + node.name, inputs, after, when: null, params: {} }];
    }
    if (node.kind !== "workflow") return [];
    const bound = Object.fromEntries(
      Object.entries(node.inputs).map(([key, source]) => [key, resolve(source)]),
    );
    return inlinedNodes(app, node.workflow, { prefix: `${place.prefix}${node.name}__`, bound, after });
  });
}

function inlinedSource(
  app: Application,
  name: string,
  { source, ...place }: Place & { source: InputSource },
): InputSource {
  if (source.kind === "input") return place.bound[source.name] ?? source;
  if (source.kind !== "output") return source;
  const nodes = app.workflows.find((each) => each.name === name)?.nodes ?? [];
  const node = nodes.find((each) => each.name === source.node);
  if (node?.kind !== "workflow") return { ...source, node: place.prefix + source.node };
  const inner = app.workflows.find((each) => each.name === node.workflow);
  const exported: Reference = inner?.outputs[source.output] ?? source;
  const bound = Object.fromEntries(
    Object.entries(node.inputs).map(([key, each]) => [
      key,
      inlinedSource(app, name, { ...place, source: each }),
    ]),
  );
  return inlinedSource(app, node.workflow, {
    prefix: `${place.prefix}${node.name}__`,
    bound,
    after: [],
    source: exported,
  });
}

function namesOf(app: Application, node: WorkNode, prefix: string): readonly string[] {
  if (node.kind !== "workflow") return [prefix + node.name];
  const inner = app.workflows.find((each) => each.name === node.workflow);
  return (inner?.nodes ?? []).flatMap((each) => namesOf(app, each, `${prefix}${node.name}__`));
}
