import type { Case } from "../case.ts";

/** Conditions, and what a skip does to those behind it. */
export const skips: readonly Case[] = [
  {
    name: "condition",
    shows: "a task whose condition holds runs, one whose does not is skipped",
    workflow: {
      params: { size: 4 },
      nodes: {
        yes: { run: "true", when: "params.size >= 4" },
        no: { run: "true", when: "params.size < 4 or not (params.size in [1, 4])" },
      },
    },
    ends: { run: "succeeded", tasks: { yes: "succeeded", no: "skipped" } },
  },
  {
    name: "result-condition",
    shows: "conditions read results; what is missing is null and no reason to run",
    workflow: {
      nodes: {
        judge: {
          run: `echo '{"score": 0.875, "tags": ["a", "b"], "deep": {"ok": true}}' > "$SCANFLOW_RESULT_FILE"`,
        },
        good: { run: "true", when: "nodes.judge.result.score > 0.8 and nodes.judge.result.deep.ok" },
        bad: { run: "true", when: "nodes.judge.result.score <= 0.8" },
        tagged: { run: "true", when: '"b" in nodes.judge.result.tags and len(nodes.judge.result.tags) == 2' },
        missing: { run: "true", when: "nodes.judge.result.nothing > 1" },
        "is-null": { run: "true", when: "nodes.judge.result.nothing == null" },
        status: { run: "true", when: 'nodes.bad.status == "skipped"' },
      },
    },
    ends: {
      run: "succeeded",
      tasks: {
        judge: "succeeded",
        good: "succeeded",
        bad: "skipped",
        tagged: "succeeded",
        missing: "skipped",
        "is-null": "succeeded",
        status: "succeeded",
      },
      results: { judge: { score: 0.875, tags: ["a", "b"], deep: { ok: true } } },
    },
  },
  {
    name: "skipped-data",
    shows: "a skip travels along data, task after task",
    workflow: {
      params: { go: false },
      nodes: {
        make: { run: "echo x > {{outputs.x}}", outputs: ["x"], when: "params.go" },
        use: { run: "cat {{inputs.x}} > {{outputs.y}}", inputs: { x: "make.x" }, outputs: ["y"] },
        more: { run: "cat {{inputs.y}}", inputs: { y: "use.y" } },
      },
    },
    ends: { run: "succeeded", tasks: { make: "skipped", use: "skipped", more: "skipped" } },
  },
  {
    name: "skipped-join",
    shows: "a join needs one of its alternatives; a task that reads a skipped one beside another is skipped",
    workflow: {
      params: { left: false },
      nodes: {
        left: { run: "echo left > {{outputs.x}}", outputs: ["x"], when: "params.left" },
        right: { run: "echo right > {{outputs.x}}", outputs: ["x"], when: "not params.left" },
        first: {
          run: "cat {{inputs.x}} > {{outputs.y}}",
          inputs: { x: { first: ["left.x", "right.x"] } },
          outputs: ["y"],
        },
        both: { run: "true", inputs: { l: "left.x", r: "right.x" } },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { left: "skipped", right: "succeeded", first: "succeeded", both: "skipped" },
      outputs: { "first.y": "right\n" },
    },
  },
  {
    name: "skipped-order",
    shows: "order does not carry a skip",
    workflow: {
      params: { go: false },
      nodes: {
        maybe: { run: "true", when: "params.go" },
        onward: { run: "echo on > {{outputs.x}}", outputs: ["x"], after: ["maybe"] },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { maybe: "skipped", onward: "succeeded" },
      outputs: { "onward.x": "on\n" },
    },
  },
  {
    name: "skipped-workflow",
    shows: "a nested workflow that is skipped skips all its tasks",
    workflow: {
      params: { go: false },
      nodes: {
        inner: { workflow: "skipped-workflow-inner", when: "params.go" },
        onward: { run: "true", after: ["inner"] },
      },
    },
    nested: {
      "skipped-workflow-inner": { nodes: { a: { run: "true" }, b: { run: "true", after: ["a"] } } },
    },
    ends: { run: "succeeded", tasks: { "inner/a": "skipped", "inner/b": "skipped", onward: "succeeded" } },
  },
  {
    name: "condition-behind-failure",
    shows: "a condition on the result of a task that failed is not judged",
    workflow: {
      nodes: {
        judge: { run: "exit 1", allowFailure: false },
        promote: { run: "true", when: "nodes.judge.result.score > 0.9" },
        reject: { run: "true", when: "not (nodes.judge.result.score > 0.9)" },
        tell: { run: "true", when: 'nodes.judge.status == "failed"' },
      },
    },
    ends: {
      run: "failed",
      tasks: { judge: "failed", promote: "upstream-failed", reject: "upstream-failed", tell: "succeeded" },
    },
  },
];
