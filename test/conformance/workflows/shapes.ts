import type { Case } from "../case.ts";

const double: Case["workflow"] = {
  inputs: ["text"],
  nodes: {
    copy: {
      run: "cat {{inputs.text}} {{inputs.text}} > {{outputs.twice}}",
      inputs: { text: "inputs.text" },
      outputs: ["twice"],
    },
  },
  outputs: { twice: "copy.twice" },
};

/** What hangs on what. */
export const shapes: readonly Case[] = [
  {
    name: "chain",
    shows: "three tasks one after the other hand a file on",
    workflow: {
      nodes: {
        write: { run: "echo one > {{outputs.text}}", outputs: { text: "text.txt" } },
        add: {
          run: "cat {{inputs.text}} > {{outputs.more}}; echo two >> {{outputs.more}}",
          inputs: { text: "write.text" },
          outputs: { more: "more.txt" },
        },
        count: {
          run: "wc -l < {{inputs.more}} | tr -d ' ' > {{outputs.lines}}",
          inputs: { more: "add.more" },
          outputs: ["lines"],
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { write: "succeeded", add: "succeeded", count: "succeeded" },
      outputs: { "add.more": "one\ntwo\n", "count.lines": "2\n" },
    },
  },
  {
    name: "diamond",
    shows: "two tasks read one, and a fourth reads both",
    workflow: {
      nodes: {
        source: { run: "echo a > {{outputs.x}}", outputs: ["x"] },
        left: {
          run: "cat {{inputs.x}} > {{outputs.y}}; echo left >> {{outputs.y}}",
          inputs: { x: "source.x" },
          outputs: ["y"],
        },
        right: {
          run: "cat {{inputs.x}} > {{outputs.y}}; echo right >> {{outputs.y}}",
          inputs: { x: "source.x" },
          outputs: ["y"],
        },
        join: {
          run: "cat {{inputs.left}} {{inputs.right}} > {{outputs.z}}",
          inputs: { left: "left.y", right: "right.y" },
          outputs: ["z"],
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { source: "succeeded", left: "succeeded", right: "succeeded", join: "succeeded" },
      outputs: { "join.z": "a\nleft\na\nright\n" },
    },
  },
  {
    name: "nested",
    shows: "a workflow within a workflow is handed an input and hands an output back",
    workflow: {
      nodes: {
        write: { run: "echo n > {{outputs.text}}", outputs: ["text"] },
        inner: { workflow: "nested-double", inputs: { text: "write.text" } },
        read: {
          run: "cat {{inputs.text}} > {{outputs.all}}",
          inputs: { text: "inner.twice" },
          outputs: ["all"],
        },
      },
    },
    nested: { "nested-double": double },
    ends: {
      run: "succeeded",
      tasks: { write: "succeeded", "inner/copy": "succeeded", read: "succeeded" },
      outputs: { "read.all": "n\nn\n" },
    },
  },
  {
    name: "doubly-nested",
    shows: "nesting twice, with a parameter that reads a result outside, and an order on the whole",
    workflow: {
      nodes: {
        write: {
          run: `echo d > {{outputs.text}}; echo '{"mark": 7}' > "$SCANFLOW_RESULT_FILE"`,
          outputs: ["text"],
        },
        outer: {
          workflow: "doubly-outer",
          inputs: { text: "write.text" },
          params: { mark: { expression: "nodes.write.result.mark" } },
        },
        last: { run: "echo done > {{outputs.done}}", outputs: ["done"], after: ["outer"] },
      },
    },
    nested: {
      "doubly-outer": {
        inputs: ["text"],
        params: { mark: 0 },
        nodes: {
          inner: {
            workflow: "doubly-inner",
            inputs: { text: "inputs.text" },
            params: { mark: { expression: "params.mark * 2" } },
          },
        },
      },
      "doubly-inner": {
        inputs: ["text"],
        params: { mark: 0 },
        nodes: {
          stamp: {
            run: "cat {{inputs.text}} > {{outputs.out}}; echo {{params.mark}} >> {{outputs.out}}",
            inputs: { text: "inputs.text" },
            params: { mark: { expression: "params.mark" } },
            outputs: ["out"],
          },
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { write: "succeeded", "outer/inner/stamp": "succeeded", last: "succeeded" },
      outputs: { "outer/inner/stamp.out": "d\n14\n" },
    },
  },
];
