import type { Case, Ends } from "../case.ts";

const branches: Case["workflow"] = {
  params: { size: 5 },
  nodes: {
    pick: {
      choice: [
        { when: "params.size > 10", run: "big", outputs: { made: "big.made" } },
        { when: "params.size > 3", run: ["middle", "after-middle"], outputs: { made: "after-middle.made" } },
        { run: "small", outputs: { made: "small.made" } },
      ],
    },
    big: { run: "echo big > {{outputs.made}}", outputs: ["made"] },
    middle: { run: "echo middle > {{outputs.made}}", outputs: ["made"] },
    "after-middle": {
      run: "cat {{inputs.it}} {{inputs.it}} > {{outputs.made}}",
      inputs: { it: "middle.made" },
      outputs: ["made"],
    },
    small: { run: "echo small > {{outputs.made}}", outputs: ["made"] },
    join: { run: "cat {{inputs.made}} > {{outputs.all}}", inputs: { made: "pick.made" }, outputs: ["all"] },
    behind: { run: "true", after: ["pick"] },
  },
};

const skipped = { big: "skipped", middle: "skipped", "after-middle": "skipped", small: "skipped" } as const;
const always = { join: "succeeded", behind: "succeeded" } as const;

function branch(place: string, size: number, ends: Omit<Ends, "run">): Case {
  return {
    name: `choice-${place}`,
    shows: `the ${place} branch of a choice is taken, and its output is the choice's`,
    workflow: branches,
    params: { size },
    ends: { run: "succeeded", ...ends },
  };
}

/** Dynamic execution. */
export const choices: readonly Case[] = [
  branch("first", 11, {
    tasks: { ...skipped, big: "succeeded", ...always },
    outputs: { "join.all": "big\n" },
  }),
  branch("second", 5, {
    tasks: { ...skipped, middle: "succeeded", "after-middle": "succeeded", ...always },
    outputs: { "join.all": "middle\nmiddle\n" },
  }),
  branch("last", 1, {
    tasks: { ...skipped, small: "succeeded", ...always },
    outputs: { "join.all": "small\n" },
  }),
  {
    name: "choice-none",
    shows: "no branch holds: all that would have run is skipped, and so is who reads",
    workflow: {
      params: { go: false },
      nodes: {
        pick: { choice: [{ when: "params.go", run: "work", outputs: { made: "work.made" } }] },
        work: { run: "echo w > {{outputs.made}}", outputs: ["made"] },
        read: { run: "cat {{inputs.made}}", inputs: { made: "pick.made" } },
        behind: { run: "true", after: ["pick"] },
      },
    },
    ends: { run: "succeeded", tasks: { work: "skipped", read: "skipped", behind: "succeeded" } },
  },
  {
    name: "first-of",
    shows: "the second target takes the place of the first, which failed",
    workflow: {
      nodes: {
        pick: {
          choice: [{ run: { firstOf: ["fast", "slow", "spare"] } }],
        },
        fast: { run: "exit 3", outputs: ["made"] },
        slow: { run: "echo slow > {{outputs.made}}", outputs: ["made"] },
        spare: { run: "echo spare > {{outputs.made}}", outputs: ["made"] },
        read: {
          run: "cat {{inputs.made}} > {{outputs.all}}",
          inputs: { made: { first: ["fast.made", "slow.made", "spare.made"] } },
          outputs: ["all"],
        },
        behind: { run: "true", after: ["pick"] },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { fast: "failed", slow: "succeeded", spare: "skipped", read: "succeeded", behind: "succeeded" },
      outputs: { "read.all": "slow\n" },
    },
  },
  {
    name: "first-of-all-fail",
    shows: "no target succeeds: the last failure is the run's",
    workflow: {
      nodes: {
        pick: { choice: [{ run: { firstOf: ["fast", "slow"] } }] },
        fast: { run: "exit 3" },
        slow: { run: "exit 4" },
        behind: { run: "true", after: ["pick"] },
        clean: { run: "true", after: [{ node: "pick", if: "failed" }] },
      },
    },
    ends: {
      run: "failed",
      tasks: { fast: "failed", slow: "failed", behind: "upstream-failed", clean: "succeeded" },
    },
  },
  {
    name: "choice-in-map",
    shows: "each item takes its own branch",
    workflow: {
      nodes: {
        each: {
          workflow: "choice-in-map-item",
          map: { over: [1, 20] },
          params: { size: { expression: "item" } },
        },
        all: {
          run: "cd {{inputs.each}}; cat 0 1 > {{outputs.all}}",
          inputs: { each: "each.made" },
          outputs: ["all"],
        },
      },
    },
    nested: {
      "choice-in-map-item": {
        params: { size: 0 },
        nodes: {
          pick: {
            choice: [
              { when: "params.size > 10", run: "big", outputs: { made: "big.made" } },
              { run: "small", outputs: { made: "small.made" } },
            ],
          },
          big: { run: "echo big > {{outputs.made}}", outputs: ["made"] },
          small: { run: "echo small > {{outputs.made}}", outputs: ["made"] },
          keep: {
            run: "cat {{inputs.made}} > {{outputs.kept}}",
            inputs: { made: "pick.made" },
            outputs: ["kept"],
          },
        },
        outputs: { made: "keep.kept" },
      },
    },
    ends: {
      run: "succeeded",
      tasks: {
        "each[0]/big": "skipped",
        "each[0]/small": "succeeded",
        "each[0]/keep": "succeeded",
        "each[1]/big": "succeeded",
        "each[1]/small": "skipped",
        "each[1]/keep": "succeeded",
        all: "succeeded",
      },
      outputs: { "all.all": "small\nbig\n" },
    },
  },
];
