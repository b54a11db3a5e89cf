import type { Case } from "../case.ts";

/** Steps that are no command of a shell. */
export const steps: readonly Case[] = [
  {
    name: "function",
    shows: "a TypeScript function reads inputs and params, writes an output, returns a result",
    workflow: {
      nodes: {
        write: { run: "printf 'one two three\\n' > {{outputs.text}}", outputs: ["text"] },
        count: {
          run: { module: "steps/count.ts" },
          inputs: { text: "write.text" },
          params: { mark: "#" },
          outputs: { counted: "counted.txt" },
        },
        check: { run: "true", when: "nodes.count.result.words == 3" },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { write: "succeeded", count: "succeeded", check: "succeeded" },
      outputs: { "count.counted": "#3\n" },
      results: { count: { words: 3 } },
    },
  },
  {
    name: "function-throws",
    shows: "a TypeScript function that throws has failed",
    workflow: {
      nodes: {
        throws: { run: { module: "steps/throws.ts" } },
        told: { run: "true", after: [{ node: "throws", if: "failed" }] },
      },
    },
    ends: { run: "failed", tasks: { throws: "failed", told: "succeeded" } },
  },
  {
    name: "metrics",
    shows: "a condition reads the metrics that a function logs, those of a map as a list",
    workflow: {
      nodes: {
        measures: { run: { module: "steps/measures.ts", export: "measures" }, map: { over: [1, 2] } },
        low: { run: "true", when: "max(nodes.measures.metrics.loss) < 1" },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { "measures[0]": "succeeded", "measures[1]": "succeeded", low: "succeeded" },
    },
  },
  {
    name: "python",
    shows: "a Python script in an environment of its own",
    workflow: {
      nodes: {
        mean: {
          run: "python steps/mean.py {{inputs.table}} {{outputs.mean}}",
          inputs: { table: { file: "data/table.csv" } },
          outputs: { mean: { path: "mean.json", type: "json" } },
          environment: { python: {} },
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { mean: "succeeded" },
      outputs: { "mean.mean": '{"x": 1.0, "y": 2.0}' },
      results: { mean: { rows: 1 } },
    },
  },
];
