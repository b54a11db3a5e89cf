import { expect, test } from "vitest";
import type { AttemptSpec } from "../runner.ts";
import { remoteCommand } from "./remote-command.ts";

const spec: AttemptSpec = {
  run: "r",
  task: "train",
  attempt: 2,
  token: "t",
  workdir: "/somewhere/work/train.2",
  root: "/somewhere",
  command: { kind: "command", command: "python train.py {{inputs.data}} > {{outputs.model}}" },
  inputs: { data: "sha256:1" },
  inputFiles: { data: "digits.csv" },
  outputs: {
    model: { path: "a/model.onnx", type: "model", optional: false, register: null, description: "" },
  },
  params: { rate: 0.5 },
  environment: { kind: "host" },
  env: { OWN: "1" },
  secrets: ["KEY"],
  timeout: { startMs: null, runMs: null, heartbeatMs: null },
  tracking: { uri: "http://127.0.0.1:1", experimentId: "7", runId: "abc" },
  checkpoint: "/somewhere/checkpoints/train",
  log: "/somewhere/log",
};
const options = { secrets: { KEY: "s3cret" }, tracking: { MLFLOW_TRACKING_URI: "http://bridge:2" } };

test("a command in a container finds all that the contract promises below /scanflow, and nothing of this machine", () => {
  const command = remoteCommand(spec, options);
  expect(command).toMatchObject({
    file: "/bin/sh",
    shell: true,
    variables: {
      OWN: "1",
      KEY: "s3cret",
      SCANFLOW_INPUT_DATA: "/scanflow/inputs/data.csv",
      SCANFLOW_OUTPUT_MODEL: "/scanflow/outputs/a/model.onnx",
      SCANFLOW_PARAMS_FILE: "/scanflow/params.json",
      SCANFLOW_CHECKPOINT: "/scanflow/checkpoint",
      MLFLOW_TRACKING_URI: "http://bridge:2",
      MLFLOW_RUN_ID: "abc",
    },
    secret: ["KEY"],
    files: [{ path: "/scanflow/params.json", text: '{"rate":0.5}' }],
  });
  expect(JSON.stringify(command)).not.toContain("/somewhere");
});

test("a function is run by the shim, with names and values as they are written", () => {
  const command = { kind: "module", module: "steps/train.ts", export: "default" } as const;
  const { file, args, files } = remoteCommand({ ...spec, command, item: "5" }, options);
  expect([file, ...args]).toEqual([
    "node",
    "/opt/scanflow/dist/shim/main.js",
    "step",
    "steps/train.ts",
    "default",
  ]);
  expect(JSON.parse(files[1]?.text ?? "")).toEqual({
    root: "/app",
    inputs: { data: "/scanflow/inputs/data.csv" },
    outputs: { model: "/scanflow/outputs/a/model.onnx" },
    params: { rate: 0.5 },
    item: "5",
    checkpoint: "/scanflow/checkpoint",
  });
});
