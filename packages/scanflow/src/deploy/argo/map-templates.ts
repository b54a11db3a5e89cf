import type { MapTask } from "@scanflow/core";
import type { Build, Manifest } from "./build.ts";
import { dagTasks, passing, tellerTasks } from "./dag-tasks.ts";
import { always } from "./formula.ts";
import { passedOn } from "./passed-on.ts";
import type { Scope } from "./scope.ts";
import { shorten } from "./shorten.ts";

/** The templates of all maps of a DAG: one that runs the items, one that is run for an item, one that gathers. */
export function mapTemplates(build: Build, scope: Scope): readonly Manifest[] {
  const maps = build.index.plan.tasks.filter(
    (task): task is MapTask =>
      task.kind === "map" &&
      task.maps.length === scope.maps.length &&
      task.maps.every((map, depth) => scope.maps[depth] === map),
  );
  return maps.flatMap((map) => {
    const child = scope.child(map.id);
    return [...oneMap(build, { map, scope, child }), ...mapTemplates(build, child)];
  });
}

interface OneMap {
  readonly map: MapTask;
  readonly scope: Scope;
  readonly child: Scope;
}

function oneMap(build: Build, { map, scope, child }: OneMap): readonly Manifest[] {
  const { names } = build;
  const own = names.of(map.id);
  const [item, gather] = [names.of(map.id, "item"), names.of(map.id, "gather")];
  const shared = [...scope.maps.map((_, depth) => `at-${depth + 1}`), ...child.imports.keys()];
  const exported = [...child.exports.keys()];
  const inputs = (names: readonly string[]) => ({ parameters: names.map((name) => ({ name })) });
  const gathering = {
    name: "gather",
    template: gather,
    depends: "item.Succeeded",
    arguments: {
      parameters: exported.map((name) => ({ name, value: `{{tasks.item.outputs.parameters.${name}}}` })),
    },
  };
  const told = (name: string) =>
    `tasks['gather'].status == 'Succeeded' ? tasks['gather'].outputs.parameters['${name}'] : '[]'`;
  const runs: Manifest = {
    name: own,
    inputs: inputs(["items", ...shared]),
    ...(exported.length > 0 && {
      outputs: {
        parameters: exported.map((name) => ({ name, valueFrom: { expression: told(name), default: "[]" } })),
      },
    }),
    ...(map.concurrency === null ? {} : { parallelism: map.concurrency }),
    dag: {
      failFast: false,
      tasks: [
        {
          name: "item",
          template: item,
          arguments: {
            parameters: [{ name: `at-${child.maps.length}`, value: "{{item}}" }, ...shared.map(passedOn)],
          },
          withParam: "{{inputs.parameters.items}}",
        },
        ...(exported.length > 0 ? [gathering] : []),
      ],
    },
  };
  const all = [...dagTasks(build, child), ...tellerTasks(child)];
  const end = passing(child, {
    name: names.of(map.id, "end"),
    when: null,
    formula: always,
    awaited: all.map(({ name }) => name),
  });
  const runsOne: Manifest = {
    name: item,
    inputs: inputs([`at-${child.maps.length}`, ...shared]),
    ...(exported.length > 0 && {
      outputs: {
        parameters: [...child.exports].map(([name, value]) => ({
          name,
          valueFrom: { expression: value.text },
        })),
      },
    }),
    // It succeeds whatever its tasks do, since Argo takes no outputs from what failed; they say what did.
    dag: { failFast: false, target: end.name, tasks: shorten([...all, end]) },
  };
  const gathers: Manifest = {
    name: gather,
    inputs: inputs(exported),
    outputs: {
      parameters: exported.map((name) => ({
        name,
        valueFrom: { supplied: {}, default: `{{inputs.parameters.${name}}}` },
      })),
    },
    suspend: { duration: "0" },
  };
  return [runs, runsOne, ...(exported.length > 0 ? [gathers] : [])];
}
