import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Plan, planWorkflow, requireApplication } from "@scanflow/core";

/**
 * Thirty tasks of every kind: a chain, a fan of commands and functions, a map over an upstream's list, a nested
 * workflow, a choice, a task that fails once and is tried again, one that may fail, skips. Each appends its name to
 * the file `effects` when it begins and again when its work is done.
 */
export function writeKillApplication(root: string): void {
  mkdirSync(root, { recursive: true });
  writeFileSync(
    join(root, "step.ts"),
    `import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
export default function step({ inputs, outputs, params, metric }) {
  appendFileSync("effects", \`\${params.name}\\n\`);
  const text = Object.values(inputs).map((path) => readFileSync(path, "utf8")).join("");
  for (const path of Object.values(outputs)) writeFileSync(path, \`\${text}\${params.name}\\n\`);
  metric("length", text.length);
  return { length: text.length, items: [3, 1, 2] };
}
`,
  );
}

const shell = (name: string, rest = "") =>
  `echo ${name} >> effects; cat /dev/null {{inputs.x}} > {{outputs.y}}; echo ${name} >> {{outputs.y}}${rest}`;

function command(name: string, from: string) {
  return { run: shell(name), inputs: { x: from }, outputs: ["y"] };
}

function fn(name: string, from: string | null) {
  const inputs = from === null ? {} : { x: from };
  return { run: { module: "step.ts" }, inputs, outputs: ["y"], params: { name } };
}

export function killPlan(): Plan {
  const fan = Object.fromEntries(
    Array.from({ length: 13 }, (_, at) => {
      const name = `fan${at}`;
      return [name, at % 3 === 0 ? command(name, "chain2.y") : fn(name, "chain2.y")];
    }),
  );
  const nodes = {
    chain0: fn("chain0", null),
    chain1: command("chain1", "chain0.y"),
    chain2: fn("chain2", "chain1.y"),
    ...fan,
    each: {
      run: "echo each$SCANFLOW_ITEM >> effects; cat {{inputs.x}} > {{outputs.y}}; echo $SCANFLOW_ITEM >> {{outputs.y}}",
      inputs: { x: "chain0.y" },
      outputs: ["y"],
      map: { over: { expression: "nodes.chain0.result.items" }, concurrency: 2 },
    },
    collect: {
      run: "echo collect >> effects; cat {{inputs.x}}/* > {{outputs.y}}",
      inputs: { x: "each.y" },
      outputs: ["y"],
    },
    inner: { workflow: "inner", inputs: { seed: "chain2.y" } },
    flaky: {
      run: `echo flaky >> effects; test -e "$SCANFLOW_CHECKPOINT/tried" || { mkdir -p "$SCANFLOW_CHECKPOINT"; touch "$SCANFLOW_CHECKPOINT/tried"; exit 9; }; echo done > {{outputs.y}}`,
      outputs: ["y"],
      retry: { limit: 3, delay: 5, jitter: 0 },
    },
    hopeless: { run: "echo hopeless >> effects; exit 4", allowFailure: true },
    beside: { ...fn("beside", null), after: ["hopeless"] },
    never: { ...fn("never", null), when: "nodes.chain0.result.length > 100" },
    route: { kind: "choice", choice: "if nodes.chain0.result.length == 0 run left, else run right" },
    left: fn("left", "chain2.y"),
    right: fn("right", "chain2.y"),
    join: {
      run: shell("join"),
      inputs: { x: { first: ["left.y", "right.y"] } },
      outputs: ["y"],
    },
    last: {
      run: "echo last >> effects; cat {{inputs.a}} {{inputs.b}} {{inputs.c}} {{inputs.d}} > {{outputs.y}}",
      inputs: { a: "join.y", b: "collect.y", c: "inner.out", d: "flaky.y" },
      outputs: ["y"],
    },
  };
  const inner = {
    inputs: ["seed"],
    outputs: { out: "b.y" },
    nodes: { a: fn("inner-a", "inputs.seed"), b: command("inner-b", "a.y") },
  };
  return planWorkflow(
    requireApplication({ application: "kill", main: "outer", workflows: { outer: { nodes }, inner } }),
  );
}
