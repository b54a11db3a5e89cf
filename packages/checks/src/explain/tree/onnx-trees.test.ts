import { describe, expect, test } from "vitest";
import { ChecksError } from "../../errors.ts";
import type { Matrix } from "../../maths/matrix.ts";
import type { OnnxNode } from "../../onnx/model.ts";
import { readOnnx } from "../../onnx/read-model.ts";
import { writeOnnx } from "../../onnx/write-model.ts";
import { expectClose, matrixOf, rowOf } from "../explain.support.ts";
import { countCovers } from "./count-covers.ts";
import fixture from "./fixtures/onnx-trees.json" with { type: "json" };
import { predictTrees } from "./predict-trees.ts";
import { readOnnxTrees } from "./read-onnx-trees.ts";
import { treeShap } from "./tree-shap.ts";

interface Case {
  readonly name: string;
  readonly model: string;
  readonly rows: (number | null)[][];
  readonly answers: number[][];
  readonly interventional?: number[][][];
  readonly pathDependent?: number[][][];
}
const cases = fixture.cases as readonly Case[];

function bytesOf({ model }: Case): Uint8Array {
  return Uint8Array.from(model.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

describe.each(cases)("$name", (sample) => {
  const model = readOnnxTrees(bytesOf(sample));
  const rows = matrixOf(sample.rows);

  test("answers are those of ONNX Runtime, which adds and links in 32 bits", () => {
    const answers = predictTrees(model, rows, { scale: "answer" });
    for (const [row, wanted] of sample.answers.entries()) {
      // Of two classes by the weights of one, the runtime answers both.
      expectClose(rowOf(answers, row), model.outputs === 1 ? wanted.slice(-1) : wanted, 6);
    }
  });
});

function expectShap(values: readonly Matrix[], wanted: readonly (readonly number[][])[]): void {
  expect(wanted).toHaveLength(12);
  for (const [row, outputs] of wanted.entries()) {
    for (const [output, own] of values.entries()) expectClose(rowOf(own, row), outputs[output] ?? [], 5);
  }
}

test.each(cases.filter(({ answers, name }) => answers[0]?.length === 1 || /tree|forest/i.test(name)))(
  "$name: answers without a link are the runtime's, bit for bit",
  (sample) => {
    const model = readOnnxTrees(bytesOf(sample));
    const answers = predictTrees(model, matrixOf(sample.rows));
    const wanted = model.outputs === 1 ? sample.answers.map((row) => row.at(-1)) : sample.answers.flat();
    expect([...answers.values]).toEqual(wanted);
  },
);

describe("Shapley values are those of shap", () => {
  test.each(cases.filter(({ interventional }) => interventional))("$name, interventional", (sample) => {
    const background = matrixOf(fixture.background);
    const { values } = treeShap(readOnnxTrees(bytesOf(sample)), matrixOf(sample.rows), { background });
    expectShap(values, sample.interventional ?? []);
  });

  test.each(cases.filter(({ pathDependent }) => pathDependent))(
    "$name, by the training rows' covers",
    (sample) => {
      const model = countCovers(readOnnxTrees(bytesOf(sample)), matrixOf(fixture.training));
      expectShap(treeShap(model, matrixOf(sample.rows)).values, sample.pathDependent ?? []);
    },
  );
});

test("a regressor of one target answers its score, as in ONNX Runtime, whatever link its file names", () => {
  const sample = cases.find(({ name }) => name === "decision tree, regression") as Case;
  const model = readOnnx(bytesOf(sample));
  const nodes = model.graph.nodes.map((node) => ({
    ...node,
    attributes: { ...node.attributes, post_transform: { kind: "string", value: "LOGISTIC" } as const },
  }));
  const linked = readOnnxTrees(writeOnnx({ ...model, graph: { ...model.graph, nodes } }));
  const answers = predictTrees(linked, matrixOf(sample.rows), { scale: "answer" });
  expect([...answers.values]).toEqual(sample.answers.flat());
});

describe("a damaged model", () => {
  const [sample] = cases;
  const original = readOnnx(bytesOf(sample as Case));

  /** The model with attributes of its tree operator changed. */
  function changed(attributes: OnnxNode["attributes"], rest: Partial<OnnxNode> = {}): Uint8Array {
    const nodes = original.graph.nodes.map((node) =>
      node.domain === "ai.onnx.ml"
        ? { ...node, ...rest, attributes: { ...node.attributes, ...attributes } }
        : node,
    );
    return writeOnnx({ ...original, graph: { ...original.graph, nodes } });
  }

  const list = (name: string): readonly number[] => {
    const trees = original.graph.nodes.find(({ op }) => op === "TreeEnsembleClassifier");
    const attribute = trees?.attributes[name];
    return attribute?.kind === "ints" ? attribute.value : [];
  };
  const ints = (value: readonly number[]) => ({ kind: "ints", value }) as const;
  const string = (value: string) => ({ kind: "string", value }) as const;

  test("is no such thing when nothing is changed", () => {
    expect(readOnnxTrees(changed({})).trees).toHaveLength(1);
  });

  test.each<[string, Uint8Array, RegExp]>([
    [
      "lists of different lengths",
      changed({ nodes_treeids: ints([0]) }),
      /1 values in "nodes_treeids" where \d+ belong/,
    ],
    [
      "a child that is not there",
      changed({ nodes_truenodeids: ints(list("nodes_truenodeids").with(0, 99)) }),
      /leads to node 99 of tree 0, which is not there/,
    ],
    [
      "a circle",
      changed({ nodes_truenodeids: ints(list("nodes_truenodeids").with(0, 0)) }),
      /leads to node 0 twice in tree 0/,
    ],
    [
      "a node twice",
      changed({ nodes_nodeids: ints(list("nodes_nodeids").with(1, 0)) }),
      /names a node twice/,
    ],
    [
      "a class too many",
      changed({ class_ids: ints(list("class_ids").with(0, 3)) }),
      /leaf for output 3 of 3/,
    ],
    [
      "a class below 0",
      changed({ class_ids: ints(list("class_ids").with(0, -1)) }),
      /output -1 in "class_ids"/,
    ],
    [
      "a feature below 0",
      changed({ nodes_featureids: ints(list("nodes_featureids").with(0, -7)) }),
      /feature with a number below 0/,
    ],
    [
      "an unknown mode",
      changed({ nodes_modes: { kind: "strings", value: list("nodes_nodeids").map(() => "BRANCH_ODD") } }),
      /the mode BRANCH_ODD at node 0/,
    ],
    [
      "texts for numbers",
      changed({ nodes_values: { kind: "strings", value: list("nodes_nodeids").map(() => "a") } }),
      /texts in "nodes_values"/,
    ],
    [
      "a setting of another kind",
      changed({ post_transform: { kind: "float", value: 1 } }),
      /float in "post_transform"/,
    ],
    ["a link that is not read", changed({ post_transform: string("PROBIT") }), /post_transform PROBIT/],
    ["an aggregate that is not read", changed({ aggregate_function: string("MAX") }), /aggregates by MAX/],
    [
      "no tree",
      changed({
        nodes_nodeids: ints([]),
        nodes_treeids: ints([]),
        nodes_modes: ints([]),
        nodes_featureids: ints([]),
        nodes_values: ints([]),
        nodes_truenodeids: ints([]),
        nodes_falsenodeids: ints([]),
      }),
      /has no tree/,
    ],
    ["an input from nowhere", changed({}, { inputs: ["gone"] }), /reads "gone", which nothing gives/],
    [
      "no tree operator",
      changed({}, { op: "LinearClassifier" }),
      /0 tree operators among \d+ \(LinearClassifier\), .*kernelShap/,
    ],
  ])("with %s is refused", (_, bytes, message) => {
    expect(() => readOnnxTrees(bytes)).toThrow(message);
    expect(() => readOnnxTrees(bytes)).toThrow(expect.objectContaining({ code: "SCANFLOW_TREES_INVALID" }));
  });

  test("after an operator that changes the features is refused", () => {
    const scaler: OnnxNode = {
      op: "Scaler",
      domain: "ai.onnx.ml",
      name: "",
      inputs: ["X"],
      outputs: ["scaled"],
      attributes: {},
    };
    const nodes = original.graph.nodes.map((node) =>
      node.op === "TreeEnsembleClassifier" ? { ...node, inputs: ["scaled"] } : node,
    );
    const bytes = writeOnnx({ ...original, graph: { ...original.graph, nodes: [scaler, ...nodes] } });
    expect(() => readOnnxTrees(bytes)).toThrow(/comes after Scaler, which changes the features/);
  });

  test("cut off anywhere gets a coded error", () => {
    const bytes = bytesOf(sample as Case);
    for (let length = 0; length < bytes.length; length += 37) {
      expect(() => readOnnxTrees(bytes.subarray(0, length))).toThrow(ChecksError);
    }
  });
});
