import type { Case } from "../case.ts";

const list = (...items: readonly unknown[]) => ({
  run: `echo '${JSON.stringify({ items })}' > "$SCANFLOW_RESULT_FILE"`,
});

/** A task or a workflow for each item. */
export const maps: readonly Case[] = [
  {
    name: "map",
    shows: "one task an item of a result; who reads them gets a folder by index",
    workflow: {
      nodes: {
        list: list("a", "b", "c"),
        each: {
          run: 'echo "$SCANFLOW_ITEM" > {{outputs.one}}',
          map: { over: { expression: "nodes.list.result.items" } },
          outputs: ["one"],
        },
        all: {
          run: "cd {{inputs.each}}; cat 0 1 2 > {{outputs.all}}",
          inputs: { each: "each.one" },
          outputs: ["all"],
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: {
        list: "succeeded",
        "each[0]": "succeeded",
        "each[1]": "succeeded",
        "each[2]": "succeeded",
        all: "succeeded",
      },
      outputs: { "all.all": "a\nb\nc\n" },
    },
  },
  {
    name: "empty-map",
    shows: "a map over nothing gives an empty folder, and what follows runs",
    workflow: {
      nodes: {
        list: list(),
        each: {
          run: "echo never > {{outputs.one}}",
          map: { over: { expression: "nodes.list.result.items" } },
          outputs: ["one"],
        },
        all: {
          run: "ls {{inputs.each}} | wc -l | tr -d ' ' > {{outputs.count}}",
          inputs: { each: "each.one" },
          outputs: ["count"],
        },
        onward: { run: "true", after: ["each"] },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { list: "succeeded", all: "succeeded", onward: "succeeded" },
      outputs: { "all.count": "0\n" },
    },
  },
  {
    name: "nested-map",
    shows: "a mapped workflow whose own node is mapped over a field of the item",
    workflow: {
      nodes: {
        rows: list({ name: "x", cells: [1, 2] }, { name: "y", cells: [3] }),
        row: {
          workflow: "nested-map-row",
          map: { over: { expression: "nodes.rows.result.items" } },
          params: { name: { expression: "item.name" }, cells: { expression: "item.cells" } },
        },
        all: {
          run: "cd {{inputs.rows}}; cat 0 1 > {{outputs.all}}",
          inputs: { rows: "row.sum" },
          outputs: ["all"],
        },
      },
    },
    nested: {
      "nested-map-row": {
        params: { name: { type: "string" }, cells: { type: "list" } },
        nodes: {
          cell: {
            run: "echo {{params.name}}{{params.cell}} > {{outputs.text}}",
            map: { over: { expression: "params.cells" } },
            params: { name: { expression: "params.name" }, cell: { expression: "item" } },
            outputs: ["text"],
          },
          join: {
            run: "cat {{inputs.cells}}/* > {{outputs.sum}}",
            inputs: { cells: "cell.text" },
            outputs: ["sum"],
          },
        },
        outputs: { sum: "join.sum" },
      },
    },
    ends: {
      run: "succeeded",
      tasks: {
        rows: "succeeded",
        "row[0]/cell[0]": "succeeded",
        "row[0]/cell[1]": "succeeded",
        "row[0]/join": "succeeded",
        "row[1]/cell[0]": "succeeded",
        "row[1]/join": "succeeded",
        all: "succeeded",
      },
      outputs: { "all.all": "x1\nx2\ny3\n" },
    },
  },
  {
    name: "sweep",
    shows: "every combination of two lists; results are read as a list",
    workflow: {
      nodes: {
        fit: {
          run: `echo "{\\"loss\\": {{params.rate}}}" > "$SCANFLOW_RESULT_FILE"`,
          map: { sweep: { rate: [0.5, 0.25], depth: [1, 2] } },
          params: { rate: { expression: "item.rate * item.depth" } },
        },
        best: {
          run: "echo {{params.best}} > {{outputs.best}}",
          params: { best: { expression: "min(nodes.fit.result.loss)" } },
          outputs: ["best"],
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: {
        "fit[0]": "succeeded",
        "fit[1]": "succeeded",
        "fit[2]": "succeeded",
        "fit[3]": "succeeded",
        best: "succeeded",
      },
      outputs: { "best.best": "0.25\n" },
    },
  },
  {
    name: "map-concurrency",
    shows: "no more items at once than the map allows",
    workflow: {
      nodes: {
        each: { run: "sleep 0.1", map: { over: [1, 2, 3, 4], concurrency: 1 }, resources: { cpu: 0.1 } },
      },
    },
    ends: {
      run: "succeeded",
      tasks: {
        "each[0]": "succeeded",
        "each[1]": "succeeded",
        "each[2]": "succeeded",
        "each[3]": "succeeded",
      },
      atOnce: { "each[": 1 },
    },
  },
  {
    name: "map-with-skips",
    shows: "items whose condition does not hold are skipped and left out of the folder",
    workflow: {
      nodes: {
        each: {
          run: 'echo "$SCANFLOW_ITEM" > {{outputs.one}}',
          map: { over: [1, 2, 3] },
          when: "item != 2",
          outputs: ["one"],
        },
        all: {
          run: "ls {{inputs.each}} > {{outputs.names}}",
          inputs: { each: "each.one" },
          outputs: ["names"],
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { "each[0]": "succeeded", "each[1]": "skipped", "each[2]": "succeeded", all: "succeeded" },
      outputs: { "all.names": "0\n2\n" },
    },
  },
  {
    name: "map-all-skipped",
    shows: "when every item is skipped there is no folder, and who reads it is skipped",
    workflow: {
      nodes: {
        each: { run: "echo 1 > {{outputs.one}}", map: { over: [1, 2] }, when: "item > 2", outputs: ["one"] },
        all: {
          run: "ls {{inputs.each}} > {{outputs.names}}",
          inputs: { each: "each.one" },
          outputs: ["names"],
        },
        onward: { run: "true", after: ["each"] },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { "each[0]": "skipped", "each[1]": "skipped", all: "skipped", onward: "succeeded" },
    },
  },
  {
    name: "map-with-failure",
    shows: "one item that fails spoils the folder; the other items are done",
    workflow: {
      nodes: {
        each: {
          run: 'echo "$SCANFLOW_ITEM" > {{outputs.one}}; test "$SCANFLOW_ITEM" != 2',
          map: { over: [1, 2, 3] },
          outputs: ["one"],
        },
        all: {
          run: "ls {{inputs.each}} > {{outputs.names}}",
          inputs: { each: "each.one" },
          outputs: ["names"],
        },
      },
    },
    ends: {
      run: "failed",
      tasks: { "each[0]": "succeeded", "each[1]": "failed", "each[2]": "succeeded", all: "upstream-failed" },
    },
  },
];
