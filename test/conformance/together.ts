import type { ApplicationDocument, NodeDocument } from "@scanflow/core";
import { applicationOf } from "./application.ts";
import type { Case, Ended, EndedTask } from "./case.ts";

/** The workflow that nests cases, and its last node, which tells how each of them ended as the engine sees it. */
export const TOGETHER = "together";
const LAST = "ends";

/**
 * Several cases as one workflow, each a nested one in it, for platforms where a run takes seconds to begin with. A case
 * keeps its tasks, its parameters and its end; its tasks have its name before theirs.
 */
export function togetherOf(cases: readonly Case[]): ApplicationDocument {
  const nodes = cases.map(({ name, params }): [string, NodeDocument] => [name, { workflow: name, params }]);
  const last: NodeDocument = {
    run: 'cat "$SCANFLOW_PARAMS_FILE" > "$SCANFLOW_RESULT_FILE"',
    params: Object.fromEntries(cases.map(({ name }) => [name, { expression: `nodes["${name}"].status` }])),
    after: cases.map(({ name }) => ({ node: name, if: "finished" })),
  };
  const { workflows, ...application } = applicationOf(cases, { cache: false });
  return {
    ...application,
    main: TOGETHER,
    workflows: { [TOGETHER]: { nodes: Object.fromEntries([...nodes, [LAST, last]]) }, ...workflows },
  };
}

/** How one of them ended, from how all did. */
export function partOf({ tasks }: Ended, { name }: Case): Ended {
  const own = Object.entries(tasks).flatMap(([id, task]): [string, EndedTask][] =>
    id.startsWith(`${name}/`) ? [[id.slice(name.length + 1), task]] : [],
  );
  return { run: String(tasks[LAST]?.result[name]), tasks: Object.fromEntries(own) };
}

/** The answers to all that the cases ask, by the names of their tasks there. */
export function answersOf(cases: readonly Case[]): Readonly<Record<string, boolean>> {
  return Object.fromEntries(
    cases.flatMap(({ name, answers = {} }) =>
      Object.entries(answers).map(([task, yes]) => [`${name}/${task}`, yes]),
    ),
  );
}

/** The cases in their order, as many together as need no more networks than that. */
export function batchesOf(cases: readonly Case[], mostNetworks: number): readonly (readonly Case[])[] {
  const batches: Case[][] = [];
  let networks = Number.POSITIVE_INFINITY;
  for (const one of cases) {
    const own = 1 + Object.keys(one.nested ?? {}).length;
    if (networks + own > mostNetworks) {
      batches.push([]);
      networks = 1;
    }
    batches.at(-1)?.push(one);
    networks += own;
  }
  return batches;
}
