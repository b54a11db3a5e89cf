import { throughChoice } from "./content.ts";
import { type Atom, any, type Formula } from "./formula.ts";
import { failsRun, partsFailed } from "./outcome.ts";
import { isWork } from "./plan-index.ts";
import { joined, plain, type Scope, type Text, text } from "./scope.ts";

/** A formula in the words of `when`: an expression over statuses and parameters. */
export function condition(scope: Scope, formula: Formula): Text {
  switch (formula.kind) {
    case "constant":
      return plain(String(formula.value));
    case "not":
      return text`!(${condition(scope, formula.of)})`;
    case "atom":
      return test(scope, formula);
    default: {
      const parts = formula.of.map((part) => condition(scope, part));
      return text`(${joined(parts, formula.kind === "all" ? " && " : " || ")})`;
    }
  }
}

function test(scope: Scope, atom: Atom): Text {
  const { task: id, is } = atom;
  if (is === "lost") return someItem(collectLost(scope, id), "'true'", 1);
  const place = scope.placeOf(id);
  if (place.kind === "here") return testHere(scope, atom);
  if (place.kind === "around") {
    const name = scope.names.of(id, `is-${is}`);
    return text`${scope.import(name, (parent) => test(parent, atom))} == 'true'`;
  }
  const depth = scope.index.task(id).maps.length - scope.maps.length;
  if (is.includes(":")) return someItem(collectFact(scope, place.map, atom), "'true'", depth);
  return someItem(collectStates(scope, place.map, id), `'${is}'`, depth);
}

/** What a map within maps gives is a list of lists. */
export function listOf(collected: Text, depth: number): Text {
  return depth > 1 ? text`flatten(fromJSON(${collected}))` : text`fromJSON(${collected})`;
}

function someItem(collected: Text, value: string, depth: number): Text {
  return text`any(${listOf(collected, depth)}, {# == ${value}})`;
}

function testHere(scope: Scope, { task: id, is }: Atom): Text {
  const status = statusOf(scope.names.of(id));
  const told = tellersOf(scope, id);
  if (is.startsWith("took:")) {
    return text`${statusOf(scope.names.of(id, is.slice("took:".length)))} == 'Succeeded'`;
  }
  if (is.startsWith("passed:")) {
    const [branch, ...later] = passedTasks(scope, id, Number(is.slice("passed:".length)));
    const sound = later.map((name) => text`${statusOf(name)} != 'Error'`);
    return text`(${joined([text`${statusOf(branch ?? "")} == 'Skipped'`, ...sound], " && ")})`;
  }
  if (is.startsWith("wrote:")) {
    const wrote = `tasks['${scope.names.of(id)}'].outputs.parameters['${is.replace(":", "-")}'] == 'true'`;
    return text`(${testHere(scope, { kind: "atom", task: id, is: "succeeded" })} && ${wrote})`;
  }
  switch (is) {
    case "succeeded": {
      const well =
        scope.index.task(id).kind === "service"
          ? text`${status} in ['Succeeded', 'Running']`
          : text`${status} == 'Succeeded'`;
      const unsaid = told.map(({ name, bad }) => text`${statusOf(name)} != '${bad}'`);
      return unsaid.length === 0 ? well : text`(${joined([well, ...unsaid], " && ")})`;
    }
    case "failed": {
      const said = told.map(({ name, bad }) => text`${statusOf(name)} == '${bad}'`);
      return text`(${joined([text`${status} in ['Failed', 'Error']`, ...said], " || ")})`;
    }
    case "skipped":
      return text`${status} == 'Skipped'`;
    case "upstream-failed":
      return text`${status} == 'Omitted'`;
    default:
      return plain("false");
  }
}

function statusOf(name: string): Text {
  return { text: `tasks['${name}'].status`, reads: new Set([name]) };
}

/** Tasks beside a task whose end may mean that it failed: its branches broke, a person said no, its verdict is too bad. */
export function tellersOf(
  { index, names }: Scope,
  id: string,
): readonly { readonly name: string; readonly bad: "Error" | "Succeeded" }[] {
  const task = index.task(id);
  if (task.kind === "choice") {
    return task.branches.flatMap(({ when }, branch) => {
      return when === null ? [] : [{ name: names.of(id, String(branch)), bad: "Error" } as const];
    });
  }
  const judged = task.kind === "approval" || (isWork(task) && task.failOn !== "never");
  return judged ? [{ name: names.of(id, "rejected"), bad: "Succeeded" }] : [];
}

/** The task of a branch, and those of later branches whose conditions may break the choice. */
export function passedTasks({ index, names }: Scope, id: string, branch: number): readonly string[] {
  const choice = index.task(id);
  const branches = choice.kind === "choice" ? choice.branches : [];
  const later = branches.flatMap(({ when }, at) =>
    at > branch && when !== null ? [names.of(id, String(at))] : [],
  );
  return [names.of(id, String(branch)), ...later];
}

/** How a task ended, for every item of a map. */
function collectStates(scope: Scope, map: string, id: string): Text {
  const name = scope.names.of(id, "state");
  return scope.collect(map, name, (child) => {
    const place = child.placeOf(id);
    if (place.kind !== "below") return stateOf(child, id);
    const { spared } = child.index.task(id);
    const states = collectStates(child, place.map, id);
    if (spared === undefined || child.index.task(spared).maps.length !== child.maps.length) return states;
    const depth = child.index.task(id).maps.length - child.maps.length;
    const behind = condition(child, partsFailed(child.index, spared));
    const told = text`# == 'failed' || (# == 'upstream-failed' && ${behind}) ? 'tolerated' : #`;
    return text`toJson(map(${listOf(states, depth)}, {${told}}))`;
  });
}

/** How a task of this DAG ended, as others outside its map see it. */
function stateOf(scope: Scope, id: string): Text {
  const is = (state: Atom["is"]) => condition(scope, { kind: "atom", task: id, is: state });
  const { spared } = scope.index.task(id);
  const inside = spared !== undefined && scope.index.task(spared).maps.length === scope.maps.length;
  const failed = inside ? "'tolerated'" : "'failed'";
  const behind = inside
    ? text`(${condition(scope, partsFailed(scope.index, spared))} ? 'tolerated' : 'upstream-failed')`
    : plain("'upstream-failed'");
  return text`${is("succeeded")} ? 'succeeded' : ${is("skipped")} ? 'skipped' : ${is("failed")} ? ${failed} : ${behind}`;
}

/** Whether something holds of a task, for every item of a map. */
function collectFact(scope: Scope, map: string, atom: Atom): Text {
  const { task: id, is } = atom;
  return scope.collect(map, scope.names.of(id, `is-${is}`), (child) => {
    const place = child.placeOf(id);
    if (place.kind === "below") return collectFact(child, place.map, atom);
    const [kind = "", viewer = "", output = ""] = is.split(":");
    if (kind === "wrote") return text`toJson(${condition(child, atom)})`;
    const content = throughChoice(child.index, { viewer, from: id }, { task: id, output });
    return text`toJson(${condition(child, kind === "has" ? content.has : content.lacks)})`;
  });
}

/** Whether failures within an item of a map fail the run. */
function collectLost(scope: Scope, map: string): Text {
  return scope.collect(map, scope.names.of(map, "lost"), (child) => {
    return text`toJson(${condition(child, lostIn(child))})`;
  });
}

/** That something failed in a DAG, or below it, that fails the run; each failure counts where it is known that it does. */
export function lostIn({ index, maps }: Scope): Formula {
  const [innermost] = maps.slice(-1);
  return any(
    ...index.plan.tasks.flatMap((task): Formula[] => {
      const within = innermost === undefined || task.maps.includes(innermost);
      const { spared } = task;
      const known = spared === undefined ? task.maps : index.task(spared).maps;
      const own = within && known.length === maps.length ? [failsRun(index, task.id)] : [];
      const isMapHere = task.kind === "map" && task.maps.length === maps.length && within;
      return isMapHere ? [...own, { kind: "atom", task: task.id, is: "lost" }] : own;
    }),
  );
}
