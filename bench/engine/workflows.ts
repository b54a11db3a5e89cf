import type { ApplicationDocument, NodeDocument } from "@scanflow/core";

type Nodes = Record<string, NodeDocument>;

function application(nodes: Nodes): ApplicationDocument {
  return { application: "bench", workflows: { bench: { nodes } } };
}

/** What a task of the bench does: `true` as a process, or an empty function. */
export type Work = "true" | "function";

function node(work: Work, after: readonly string[]): NodeDocument {
  const run = work === "true" ? "true" : { module: "step.ts" };
  return { run, after: [...after] };
}

export function chain(count: number, work: Work): ApplicationDocument {
  const names = Array.from({ length: count }, (_, at) => `t${at}`);
  return application(
    Object.fromEntries(names.map((name, at) => [name, node(work, at === 0 ? [] : [`t${at - 1}`])])),
  );
}

export function parallel(count: number, work: Work): ApplicationDocument {
  return application(
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, node(work, [])])),
  );
}

/** Layers of a hundred; each task follows three of the layer above. */
export function graph(count: number, work: Work): ApplicationDocument {
  const nodes: Nodes = {};
  for (let at = 0; at < count; at++) {
    const above = Math.floor(at / 100) * 100 - 100;
    const after = above < 0 ? [] : [0, 1, 37].map((step) => `t${above + ((at + step) % 100)}`);
    nodes[`t${at}`] = node(work, after);
  }
  return application(nodes);
}
