import { expect, test } from "vitest";
import { requireApplication } from "../parse-application.ts";
import { application } from "./application.ts";
import { checker } from "./checker.ts";
import { choice, firstOf } from "./choice.ts";
import { executor } from "./executor.ts";
import { expression, item } from "./expression.ts";
import { approval, labeling } from "./human.ts";
import { nested } from "./nested.ts";
import { boolean, integer, list, string } from "./param.ts";
import { service } from "./service.ts";
import { tracker } from "./tracker.ts";
import { command, dockerfile, file, first, image, node, notebook, python, step } from "./value.ts";
import { workflow } from "./workflow.ts";

const training = workflow(
  "training",
  { inputs: ["data"], params: { rate: 0.1, epochs: integer({ min: 1 }), tags: list({ default: [] }) } },
  ({ inputs, params }) => {
    const fit = executor("fit", {
      run: step("./fit.ts", "fit"),
      inputs: { data: inputs.data },
      outputs: { model: { path: "model.onnx", type: "model" } },
      params: { rate: params.rate, epochs: params.epochs },
    });
    return {
      nodes: [tracker("tracker-workflow3", { port: 8008 }), fit],
      outputs: { model: fit.outputs.model },
    };
  },
);

const digits = workflow(
  "digits",
  {
    params: { seed: integer({ default: 7 }), mode: string({ default: "fast", choices: ["fast", "full"] }) },
    schedules: [{ cron: "30 2 * * MON-FRI", timezone: "Europe/Madrid", params: { seed: 8 } }],
  },
  ({ params }) => {
    const split = executor("split", {
      run: command("python", "split.py"),
      inputs: { digits: file("data/digits.csv") },
      outputs: ["train", "test"],
      environment: python({ requirements: "requirements.txt", version: "3.12", apt: ["libgomp1"] }),
      params: { seed: expression`${params.seed} * 2 + ${1}` },
    });
    const train = nested("train-it", training, {
      inputs: { data: split.outputs.train },
      params: { epochs: 3 },
      when: expression`${split.result("rows")} > 10 and ${params.mode} == ${"fast"}`,
    });
    const sweep = nested("sweep", training, {
      inputs: { data: split.outputs.train },
      params: { epochs: expression`item.epochs` },
      map: { sweep: { epochs: [1, 2] }, concurrency: 1 },
    });
    const other = executor("other", {
      run: notebook("explore.ipynb"),
      outputs: ["model"],
      environment: image("a:1"),
    });
    const small = executor("small", { run: "small", outputs: ["model"] });
    const large = executor("large", { run: "large", outputs: ["model"] });
    const pick = choice(
      "pick",
      [
        {
          when: "device is typeA",
          run: firstOf(small, large),
          outputs: { model: first(small.outputs.model, large.outputs.model) },
        },
        { run: sweep, outputs: { model: other.outputs.model } },
      ],
      { after: [split] },
    );
    const drift = checker("drift", {
      run: "node drift.js",
      inputs: { a: pick.outputs.model, b: first(train.outputs.model, other.outputs.model) },
      failOn: "alarm",
      map: { over: [1, 2] },
      params: { item },
      environment: dockerfile("Dockerfile"),
    });
    const ask = approval("ask", { message: "Well?", inputs: { verdict: drift.outputs.verdict } });
    const label = labeling("label", { outputs: ["labels"], after: [{ node: ask, if: "finished" }] });
    const answer = service("answer", {
      run: "serve",
      port: 8080,
      replicas: 2,
      maxReplicas: 4,
      health: "/health",
      inputs: { labels: label.outputs.labels },
      environment: node({ package: "package.json" }),
      placement: { labels: { disk: "ssd" }, serviceAccount: "server" },
    });
    return { nodes: [split, train, sweep, other, small, large, pick, drift, ask, label, answer] };
  },
);

test("builders make the document that one would write by hand", () => {
  expect(application("digits", { main: digits, tracker: { port: 5000 } })).toEqual({
    application: "digits",
    main: "digits",
    tracker: { port: 5000 },
    workflows: {
      digits: {
        params: {
          seed: { type: "integer", default: 7 },
          mode: { type: "string", default: "fast", choices: ["fast", "full"] },
        },
        schedules: [{ cron: "30 2 * * MON-FRI", timezone: "Europe/Madrid", params: { seed: 8 } }],
        nodes: {
          split: {
            kind: "executor",
            run: ["python", "split.py"],
            inputs: { digits: { file: "data/digits.csv" } },
            outputs: ["train", "test"],
            environment: { python: { requirements: "requirements.txt", version: "3.12", apt: ["libgomp1"] } },
            params: { seed: { expression: "params.seed * 2 + 1" } },
          },
          "train-it": {
            kind: "workflow",
            workflow: "training",
            inputs: { data: "split.train" },
            params: { epochs: 3 },
            when: 'nodes.split.result.rows > 10 and params.mode == "fast"',
          },
          sweep: {
            kind: "workflow",
            workflow: "training",
            inputs: { data: "split.train" },
            params: { epochs: { expression: "item.epochs" } },
            map: { sweep: { epochs: [1, 2] }, concurrency: 1 },
          },
          other: {
            kind: "executor",
            run: { notebook: "explore.ipynb" },
            outputs: ["model"],
            environment: { image: "a:1" },
          },
          small: { kind: "executor", run: "small", outputs: ["model"] },
          large: { kind: "executor", run: "large", outputs: ["model"] },
          pick: {
            kind: "choice",
            after: ["split"],
            choice: [
              {
                when: "device is typeA",
                run: { firstOf: ["small", "large"] },
                outputs: { model: { first: ["small.model", "large.model"] } },
              },
              { run: "sweep", outputs: { model: "other.model" } },
            ],
          },
          drift: {
            kind: "checker",
            run: "node drift.js",
            inputs: { a: "pick.model", b: { first: ["train-it.model", "other.model"] } },
            failOn: "alarm",
            map: { over: [1, 2] },
            params: { item: { expression: "item" } },
            environment: { dockerfile: "Dockerfile" },
          },
          ask: { kind: "approval", message: "Well?", inputs: { verdict: "drift.verdict" } },
          label: { kind: "labeling", outputs: ["labels"], after: [{ node: "ask", if: "finished" }] },
          answer: {
            kind: "service",
            run: "serve",
            port: 8080,
            replicas: 2,
            maxReplicas: 4,
            health: "/health",
            inputs: { labels: "label.labels" },
            environment: { node: { package: "package.json" } },
            placement: { labels: { disk: "ssd" }, serviceAccount: "server" },
          },
        },
      },
      training: {
        inputs: ["data"],
        params: { rate: 0.1, epochs: { type: "integer", min: 1 }, tags: { type: "list", default: [] } },
        outputs: { model: "fit.model" },
        nodes: {
          "tracker-workflow3": { kind: "tracker", port: 8008 },
          fit: {
            kind: "executor",
            run: { module: "./fit.ts", export: "fit" },
            inputs: { data: "inputs.data" },
            outputs: { model: { path: "model.onnx", type: "model" } },
            params: { rate: { expression: "params.rate" }, epochs: { expression: "params.epochs" } },
          },
        },
      },
    },
  });
});

test("what the builders make is a valid application", () => {
  const parsed = requireApplication(application("digits", { main: digits }));
  expect(parsed.workflows.map(({ name }) => name)).toEqual(["digits", "training"]);
});

test("an application of a list of workflows names no main one", () => {
  expect(Object.keys(application("lib", { workflows: [training] }))).toEqual(["application", "workflows"]);
});

test("two nodes of one name are both kept, so that the parser can report them", () => {
  const twice = workflow("twice", {}, () => ({
    nodes: [executor("a", { run: "one" }), executor("a", { run: "two" })],
  }));
  expect(twice.document.nodes).toEqual([
    { name: "a", kind: "executor", run: "one" },
    { name: "a", kind: "executor", run: "two" },
  ]);
});

test("an expression that is put into another keeps its meaning", () => {
  const sum = expression`${1} + ${2}`;
  expect(expression`${sum} * ${["a", { b: null }]}`).toEqual({ expression: '(1 + 2) * ["a", {b: null}]' });
});

test("wrong names and types do not compile", () => {
  const split = executor("split", { run: "x", outputs: ["train", "test"] });
  const { train } = split.outputs;
  const node = () => nested("n", training, { inputs: { data: split.outputs.test }, params: { epochs: 1 } });
  const cron = "0 0 * * *";
  const none = () => ({ nodes: [] });
  const mistakes = [
    // @ts-expect-error the output is called train
    () => split.outputs.trian,
    // @ts-expect-error a reference is no free text
    () => executor("e", { run: "x", inputs: { data: "split.train" } }),
    // @ts-expect-error the workflow needs its input
    () => nested("n", training, { params: { epochs: 1 } }),
    // @ts-expect-error a parameter without a default must be given
    () => nested("n", training, { inputs: { data: split.outputs.train } }),
    // @ts-expect-error the parameter is a number
    () => nested("n", training, { inputs: { data: split.outputs.train }, params: { epochs: "1" } }),
    // @ts-expect-error there is no such parameter
    () => nested("n", training, { inputs: { data: split.outputs.train }, params: { epochs: 1, epoch: 1 } }),
    // @ts-expect-error the workflow has no such output
    () => node().outputs.modell,
    // @ts-expect-error the branches have different outputs
    () => choice("c", [{ run: split, outputs: { a: train } }, { outputs: { b: train } }]),
    // @ts-expect-error the workflow has no such input
    () => workflow("w", { inputs: ["data"] }, ({ inputs }) => ({ nodes: [], outputs: { a: inputs.dat } })),
    // @ts-expect-error the workflow has no such parameter
    () => workflow("w", { params: { seed: 1 } }, ({ params }) => ({ nodes: [], outputs: params.sed })),
    // @ts-expect-error a default is of the parameter's type
    () => boolean({ default: 1 }),
    // @ts-expect-error an application has a workflow
    () => application("a", {}),
    // @ts-expect-error a command is not a number
    () => executor("e", { run: 3 }),
    // @ts-expect-error a schedule gives no parameter that the workflow does not have
    () => workflow("w", { params: { a: 1 }, schedules: [{ cron, params: { b: 1 } }] }, none),
    // @ts-expect-error a parameter without a default is given by the schedule
    () => workflow("w", { params: { a: integer() }, schedules: [{ cron }] }, none),
    // @ts-expect-error an executor has no port
    () => executor("e", { run: "x", port: 80 }),
  ];
  expect(mistakes).toHaveLength(16);
  expect(node().outputs.model).toBe("n.model");
});
