import type { Case } from "../case.ts";

/** What tasks are told, and what they tell. */
export const values: readonly Case[] = [
  {
    name: "params-of-all-types",
    shows: "params of every type, as variables, in the command and in the file",
    workflow: {
      params: {
        text: "a b",
        whole: 3,
        part: { type: "number", default: 0.5 },
        yes: true,
        list: [1, "two"],
        object: { type: "object", default: { k: [true, null] } },
      },
      nodes: {
        show: {
          run: [
            "sh",
            "-c",
            'printf "%s|" "$SCANFLOW_PARAM_TEXT" "$SCANFLOW_PARAM_WHOLE" "$SCANFLOW_PARAM_PART" "$SCANFLOW_PARAM_YES" "$SCANFLOW_PARAM_LIST" "$SCANFLOW_PARAM_OBJECT" "$SCANFLOW_PARAM_NOTHING" "$1" > "$SCANFLOW_OUTPUT_SHOWN"; cat "$SCANFLOW_PARAMS_FILE" > "$SCANFLOW_OUTPUT_FILE"',
            "sh",
            "{{params.whole}}-{{params.text}}",
          ],
          params: {
            text: { expression: "params.text" },
            whole: { expression: "params.whole + 1" },
            part: { expression: "params.part" },
            yes: { expression: "params.yes" },
            list: { expression: "params.list" },
            object: { expression: "params.object" },
            nothing: { expression: "params.object.missing" },
          },
          outputs: { shown: "shown", file: { path: "params.json", type: "json" } },
        },
      },
    },
    params: { whole: 41 },
    ends: {
      run: "succeeded",
      tasks: { show: "succeeded" },
      outputs: { "show.shown": 'a b|42|0.5|true|[1,"two"]|{"k":[true,null]}||42-a b|' },
    },
  },
  {
    name: "results",
    shows: "a result becomes a parameter, a list of results too",
    workflow: {
      nodes: {
        measure: { run: `echo '{"accuracy": 0.75, "name": "m", "rows": [3, 4]}' > "$SCANFLOW_RESULT_FILE"` },
        tell: {
          run: "echo {{params.name}} {{params.percent}} {{params.second}} > {{outputs.line}}",
          params: {
            name: { expression: 'nodes.measure.result.name + "!"' },
            percent: { expression: "nodes.measure.result.accuracy * 100" },
            second: { expression: "nodes.measure.result.rows[1]" },
          },
          outputs: ["line"],
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { measure: "succeeded", tell: "succeeded" },
      outputs: { "tell.line": "m! 75 4\n" },
      results: { measure: { accuracy: 0.75, name: "m", rows: [3, 4] } },
    },
  },
  {
    name: "env-and-secrets",
    shows: "variables of the node and secrets of the owner arrive",
    workflow: {
      nodes: {
        look: {
          run: 'test "$CONFORMANCE_SECRET" = "s3cret word" && printf %s "$GREETING" > {{outputs.seen}}',
          env: { GREETING: "hello $USER" },
          secrets: ["CONFORMANCE_SECRET"],
          outputs: ["seen"],
        },
      },
    },
    ends: { run: "succeeded", tasks: { look: "succeeded" }, outputs: { "look.seen": "hello $USER" } },
  },
  {
    name: "contract",
    shows: "the other variables of the node contract are there, and the working directory is the application",
    workflow: {
      nodes: {
        look: {
          run: 'set -e; test -n "$SCANFLOW_RUN"; test "$(basename "$SCANFLOW_TASK")" = look; test "$SCANFLOW_ATTEMPT" = 1; test -d "$SCANFLOW_CHECKPOINT"; echo x > "$SCANFLOW_CHECKPOINT/mark"; : > "$SCANFLOW_HEARTBEAT_FILE"; test -f data/table.csv; test -n "$MLFLOW_TRACKING_URI"; echo fine > {{outputs.fine}}',
          outputs: ["fine"],
        },
      },
    },
    ends: { run: "succeeded", tasks: { look: "succeeded" }, outputs: { "look.fine": "fine\n" } },
  },
  {
    name: "checkpoint",
    shows: "what a failed attempt left in its checkpoint is there for the next",
    workflow: {
      nodes: {
        train: {
          run: 'cat "$SCANFLOW_CHECKPOINT/epoch" > {{outputs.found}} && exit 0; echo 7 > "$SCANFLOW_CHECKPOINT/epoch"; exit 3',
          retry: { limit: 1, delay: 10, factor: 1, jitter: 0 },
          outputs: ["found"],
        },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { train: ["succeeded", 2] },
      outputs: { "train.found": "7\n" },
    },
  },
  {
    name: "heartbeat",
    shows: "who touches the heartbeat file goes on, who falls silent is ended",
    workflow: {
      nodes: {
        alive: {
          run: 'for i in 1 2 3 4 5 6 7 8 9 10; do touch "$SCANFLOW_HEARTBEAT_FILE"; sleep 1; done',
          timeout: { heartbeat: "5s" },
        },
        silent: {
          run: "trap exit TERM; while :; do sleep 0.1; done",
          timeout: { heartbeat: "3s" },
          allowFailure: true,
        },
      },
    },
    ends: { run: "succeeded", tasks: { alive: "succeeded", silent: "failed" } },
  },
  {
    name: "tracker-run",
    shows: "MLflow finds the attempt's own run of the tracker",
    workflow: {
      nodes: { log: { run: 'test -n "$MLFLOW_RUN_ID" && test -n "$MLFLOW_EXPERIMENT_ID"' } },
    },
    ends: { run: "succeeded", tasks: { log: "succeeded" } },
  },
  {
    name: "own-trackers",
    shows: "workflows with trackers of their own, each with an address of its own",
    workflow: {
      nodes: {
        keep: { kind: "tracker" },
        inner: { workflow: "own-trackers-inner" },
        log: {
          run: 'echo "$MLFLOW_TRACKING_URI" > {{outputs.uri}}',
          outputs: ["uri"],
        },
        differs: {
          run: "! cmp -s {{inputs.one}} {{inputs.two}}",
          inputs: { one: "log.uri", two: "inner.uri" },
        },
      },
    },
    nested: {
      "own-trackers-inner": {
        nodes: {
          "keep-inner": { kind: "tracker" },
          log: {
            run: 'echo "$MLFLOW_TRACKING_URI" > {{outputs.uri}}',
            outputs: ["uri"],
          },
        },
        outputs: { uri: "log.uri" },
      },
    },
    ends: { run: "succeeded", tasks: { "inner/log": "succeeded", log: "succeeded", differs: "succeeded" } },
  },
];
