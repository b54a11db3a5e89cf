import type { Case } from "../case.ts";

/** What fails, what is tried again, and what goes on. */
export const failures: readonly Case[] = [
  {
    name: "failure",
    shows: "a failure stops what is behind it by data and by order, and nothing else",
    workflow: {
      nodes: {
        bad: { run: "exit 3", outputs: ["x"] },
        data: { run: "cat {{inputs.x}}", inputs: { x: "bad.x" } },
        order: { run: "true", after: ["bad"] },
        further: { run: "true", after: ["order"] },
        aside: { run: "true" },
      },
    },
    ends: {
      run: "failed",
      tasks: {
        bad: "failed",
        data: "upstream-failed",
        order: "upstream-failed",
        further: "upstream-failed",
        aside: "succeeded",
      },
    },
  },
  {
    name: "failure-allowed",
    shows: "where failing is allowed, order goes on, data are missing, and the run succeeds",
    workflow: {
      nodes: {
        bad: { run: "exit 3", outputs: ["x"], allowFailure: true },
        data: { run: "cat {{inputs.x}}", inputs: { x: "bad.x" } },
        order: { run: "true", after: ["bad"] },
      },
    },
    ends: { run: "succeeded", tasks: { bad: "failed", data: "skipped", order: "succeeded" } },
  },
  {
    name: "after-failed",
    shows: "`after … if failed` runs behind a failure only",
    workflow: {
      nodes: {
        bad: { run: "exit 3" },
        good: { run: "true" },
        clean: { run: "true", after: [{ node: "bad", if: "failed" }] },
        never: { run: "true", after: [{ node: "good", if: "failed" }] },
      },
    },
    ends: {
      run: "failed",
      tasks: { bad: "failed", good: "succeeded", clean: "succeeded", never: "skipped" },
    },
  },
  {
    name: "after-finished",
    shows: "`after … if finished` runs behind any end",
    workflow: {
      params: { go: false },
      nodes: {
        bad: { run: "exit 3" },
        none: { run: "true", when: "params.go" },
        behind: { run: "true", after: ["bad"] },
        all: {
          run: "true",
          after: [
            { node: "bad", if: "finished" },
            { node: "none", if: "finished" },
            { node: "behind", if: "finished" },
          ],
        },
      },
    },
    ends: {
      run: "failed",
      tasks: { bad: "failed", none: "skipped", behind: "upstream-failed", all: "succeeded" },
    },
  },
  {
    name: "retry-then-success",
    shows: "the third attempt succeeds",
    workflow: {
      nodes: {
        flaky: {
          run: 'test "$SCANFLOW_ATTEMPT" -ge 3; echo "$SCANFLOW_ATTEMPT" > {{outputs.at}}; test "$SCANFLOW_ATTEMPT" -ge 3',
          outputs: ["at"],
          retry: { limit: 3, delay: 10, factor: 1, jitter: 0 },
        },
      },
    },
    ends: { run: "succeeded", tasks: { flaky: ["succeeded", 3] }, outputs: { "flaky.at": "3\n" } },
  },
  {
    name: "retry-exhausted",
    shows: "attempts end with the limit, and the task fails",
    workflow: {
      nodes: {
        hopeless: { run: "exit 9", retry: { limit: 2, delay: 10, factor: 1, jitter: 0 } },
        behind: { run: "true", after: ["hopeless"] },
      },
    },
    ends: { run: "failed", tasks: { hopeless: ["failed", 3], behind: "upstream-failed" } },
  },
  {
    name: "timeout",
    shows: "a task that takes too long is ended, and has failed",
    workflow: {
      nodes: {
        slow: { run: "sleep 300", timeout: "1s" },
        told: { run: "true", after: [{ node: "slow", if: "failed" }] },
      },
    },
    ends: { run: "failed", tasks: { slow: "failed", told: "succeeded" } },
  },
  {
    name: "missing-output",
    shows: "a task that does not write a declared output has failed",
    workflow: {
      nodes: {
        forgets: { run: "true", outputs: ["x"] },
        reads: { run: "cat {{inputs.x}}", inputs: { x: "forgets.x" } },
      },
    },
    ends: { run: "failed", tasks: { forgets: "failed", reads: "upstream-failed" } },
  },
  {
    name: "nested-failure",
    shows: "a failure within a nested workflow stops who comes after the whole, and is heard by `if failed`",
    workflow: {
      nodes: {
        inner: { workflow: "nested-failure-inner" },
        behind: { run: "true", after: ["inner"] },
        told: { run: "true", after: [{ node: "inner", if: "failed" }] },
      },
    },
    nested: {
      "nested-failure-inner": {
        nodes: { a: { run: "exit 1" }, b: { run: "true", after: ["a"] }, c: { run: "true" } },
      },
    },
    ends: {
      run: "failed",
      tasks: {
        "inner/a": "failed",
        "inner/b": "upstream-failed",
        "inner/c": "succeeded",
        behind: "upstream-failed",
        told: "succeeded",
      },
    },
  },
  {
    name: "checker-verdict",
    shows: "a verdict is a value, and fails the task only where `failOn` says so",
    workflow: {
      nodes: {
        warns: {
          kind: "checker",
          run: `echo '{"status": "warning", "kind": "drift", "message": "wanders"}' > {{outputs.verdict}}`,
          failOn: "alarm",
        },
        alarms: {
          kind: "checker",
          run: `echo '{"status": "alarm", "kind": "drift", "message": "gone"}' > {{outputs.verdict}}`,
          failOn: "alarm",
        },
        fine: { run: "true", after: ["warns"], when: 'nodes.warns.result.status == "warning"' },
        behind: { run: "true", after: ["alarms"] },
        told: { run: "true", after: [{ node: "alarms", if: "failed" }] },
      },
    },
    ends: {
      run: "failed",
      tasks: {
        warns: "succeeded",
        alarms: "failed",
        fine: "succeeded",
        behind: "upstream-failed",
        told: "succeeded",
      },
    },
  },
];

/** Where a person decides. */
export const approvals: readonly Case[] = [
  {
    name: "approval-yes",
    shows: "a person says yes, and the run goes on",
    workflow: {
      nodes: {
        made: { run: "echo m > {{outputs.model}}", outputs: ["model"] },
        ask: { kind: "approval", message: "Ship it?", inputs: { model: "made.model" } },
        ship: { run: "true", after: ["ask"] },
      },
    },
    answers: { ask: true },
    ends: { run: "succeeded", tasks: { made: "succeeded", ask: ["succeeded", 0], ship: "succeeded" } },
  },
  {
    name: "approval-no",
    shows: "a person says no: a failure",
    workflow: {
      nodes: {
        ask: { kind: "approval", message: "Ship it?" },
        ship: { run: "true", after: ["ask"] },
        keep: { run: "true", after: [{ node: "ask", if: "failed" }] },
      },
    },
    answers: { ask: false },
    ends: { run: "failed", tasks: { ask: ["failed", 0], ship: "upstream-failed", keep: "succeeded" } },
  },
];
