import type { ChoiceTask, PlanTask } from "@scanflow/core";
import { artifactSource } from "./artifact-source.ts";
import { type Build, expressionTag, type Manifest } from "./build.ts";
import { condition, tellersOf } from "./condition.ts";
import { depends } from "./depends.ts";
import { expressionText, truth } from "./expression-text.ts";
import { always, type Formula } from "./formula.ts";
import { judgementOf } from "./judgement.ts";
import { mapArguments } from "./map-arguments.ts";
import { paramsArgument } from "./params.ts";
import { passedOn } from "./passed-on.ts";
import { isWork } from "./plan-index.ts";
import { joined, plain, type Scope, type Text } from "./scope.ts";

/** Of a suspension that is over at once: a task that says something and runs nothing. */
export const PASS = "pass";

export interface DagTask {
  readonly name: string;
  readonly template: string;
  readonly depends?: string;
  readonly when?: string;
  readonly arguments?: Manifest;
  readonly withParam?: string;
}

/** The tasks of a DAG: those of the plan, and beside some of them others that tell what became of them. */
export function dagTasks(build: Build, scope: Scope): readonly DagTask[] {
  const own = build.index.plan.tasks.filter(({ maps }) => {
    return maps.length === scope.maps.length && maps.every((map, depth) => scope.maps[depth] === map);
  });
  return own.flatMap((task) => [planTask(build, scope, task), ...besides(build, scope, task)]);
}

/** Tasks that `depends` asks since it cannot ask an expression; made when everything else of the DAG is. */
export function tellerTasks(scope: Scope): readonly DagTask[] {
  return [...scope.tellers].map(([name, says]) =>
    passing(scope, { name, when: says, formula: always, awaited: says.reads }),
  );
}

interface Passing {
  readonly name: string;
  readonly formula: Formula;
  readonly when: Text | null;
  readonly awaited: Iterable<string>;
}

export function passing(scope: Scope, { name, when, formula, awaited }: Passing): DagTask {
  const logic = depends(scope, formula, awaited);
  return {
    name,
    template: PASS,
    ...(logic === "" ? {} : { depends: logic }),
    ...(when === null ? {} : { when: expressionTag(when.text) }),
  };
}

function planTask(build: Build, scope: Scope, task: PlanTask): DagTask {
  const { index, names } = build;
  const { starts, runs } = judgementOf(index, task);
  const conditions = [
    ...(runs.kind === "constant" && runs.value ? [] : [condition(scope, runs)]),
    ...(task.when === null
      ? []
      : [truth(expressionText({ scope, task, results: build.results }, task.when))]),
  ];
  const when = conditions.length === 0 ? null : joined(conditions, " && ");
  const given = argumentsOf(build, scope, task);
  const awaited = new Set([...upstreamNames(scope, task), ...(when?.reads ?? []), ...given.reads]);
  const logic = depends(scope, starts, awaited);
  const own = isWork(task) || task.kind === "map" || task.kind === "approval" ? names.of(task.id) : PASS;
  return {
    name: names.of(task.id),
    template: build.uses.get(task.id)?.template ?? own,
    ...(logic === "" ? {} : { depends: logic }),
    ...(when === null ? {} : { when: expressionTag(when.text) }),
    ...(given.arguments === null ? {} : { arguments: given.arguments }),
  };
}

/** All that a task waits for in its DAG, and of a map all that its items do. */
function upstreamNames(scope: Scope, task: PlanTask): readonly string[] {
  const { index, names } = scope;
  const waiting = task.kind === "map" ? [task, ...index.inside(task.id)] : [task];
  const inside = new Set(waiting.map(({ id }) => id));
  const ids = waiting
    .flatMap(({ upstreams }) => upstreams.map((edge) => edge.task))
    .filter((id) => !inside.has(id));
  return ids.flatMap((id) => {
    const place = scope.placeOf(id);
    if (place.kind === "around") return [];
    const awaited = place.kind === "here" ? id : place.map;
    return [names.of(awaited), ...tellersOf(scope, awaited).map(({ name }) => name)];
  });
}

interface Given {
  readonly arguments: Manifest | null;
  readonly reads: ReadonlySet<string>;
}

function argumentsOf(build: Build, scope: Scope, task: PlanTask): Given {
  const reads = new Set<string>();
  const take = ({ text: value, reads: all }: Text) => {
    for (const read of all) reads.add(read);
    return expressionTag(value);
  };
  const parameters: Manifest[] = [];
  const artifacts: Manifest[] = [];
  if (task.kind === "map") parameters.push(...mapArguments(build, scope, { task, take }));
  if (isWork(task)) {
    for (let depth = 1; depth <= scope.maps.length; depth += 1) parameters.push(passedOn(`at-${depth}`));
    const params = paramsArgument(build, scope, task);
    if (params !== null) parameters.push({ name: "params", value: take(params) });
    for (const [name, input] of Object.entries(task.inputs)) {
      const source = artifactSource(build, scope, { task, name, input });
      if (source.kind === "task") {
        const from = build.names.of(source.from);
        reads.add(from);
        artifacts.push({
          name,
          from: `{{tasks.${from}.outputs.artifacts.${source.output}}}`,
          optional: true,
        });
      } else if (source.kind === "key") {
        if (source.key) parameters.push({ name: `key-${name}`, value: take(source.key) });
        if (source.place) parameters.push({ name: `path-${name}`, value: take(source.place) });
      }
    }
  }
  parameters.push(...(build.uses.get(task.id)?.parameters ?? []));
  if (parameters.length + artifacts.length === 0) return { arguments: null, reads };
  const made = { ...(parameters.length > 0 && { parameters }), ...(artifacts.length > 0 && { artifacts }) };
  return { arguments: made, reads };
}

/** What tells how a task really ended: which branch a choice takes, whether a person said no, or a verdict is too bad. */
function besides(build: Build, scope: Scope, task: PlanTask): readonly DagTask[] {
  if (task.kind === "choice") return branchTasks(build, scope, task);
  const name = build.names.of(task.id);
  const succeeded = `tasks['${name}'].status == 'Succeeded'`;
  const says = (asked: string): readonly DagTask[] => [
    {
      name: build.names.of(task.id, "rejected"),
      template: PASS,
      depends: name,
      when: expressionTag(`${succeeded} && ${asked}`),
    },
  ];
  if (task.kind === "approval") return says(`tasks['${name}'].outputs.parameters.approved != 'yes'`);
  if (!isWork(task) || task.failOn === "never") return [];
  build.results.add(task.id);
  const bad = STATUSES.slice(STATUSES.indexOf(task.failOn)).map((status) => `'${status}'`);
  return says(`get(fromJSON(tasks['${name}'].outputs.parameters.result), 'status') in [${bad.join(", ")}]`);
}

const STATUSES = ["ok", "warning", "alarm", "invalid"];

/** One task a branch: it succeeds when the branch is taken, else it is skipped. */
function branchTasks(build: Build, scope: Scope, choice: ChoiceTask): readonly DagTask[] {
  const { names, results } = build;
  const head = names.of(choice.id);
  return choice.branches.map(({ when }, branch): DagTask => {
    const earlier = choice.branches.slice(0, branch).map((_, before) => names.of(choice.id, String(before)));
    const own = when === null ? [] : [truth(expressionText({ scope, task: choice, results }, when))];
    const asked = joined(
      [
        plain(`tasks['${head}'].status == 'Succeeded'`),
        ...earlier.map((name) => plain(`tasks['${name}'].status == 'Skipped'`)),
        ...own,
      ],
      " && ",
    );
    const named = [head, ...earlier];
    const further = [...asked.reads].filter((name) => !named.includes(name));
    const waits = depends(scope, always, further);
    return {
      name: names.of(choice.id, String(branch)),
      template: PASS,
      depends: [...named, ...(waits === "" ? [] : [waits])].join(" && "),
      when: expressionTag(asked.text),
    };
  });
}
