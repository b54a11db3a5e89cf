import { ChecksError } from "../../errors.ts";
import type { OnnxGraph, OnnxNode } from "../../onnx/model.ts";
import { readOnnx } from "../../onnx/read-model.ts";
import type { Link } from "./link.ts";
import { type TreeNodeReader, treeNodeReader } from "./onnx-tree-node.ts";
import { readTreeEnsemble } from "./read-onnx-ensemble.ts";
import { type FileTrees, readTreeLists } from "./read-onnx-lists.ts";
import type { TreeEnsemble } from "./tree-ensemble.ts";

const OPERATORS = ["TreeEnsembleClassifier", "TreeEnsembleRegressor", "TreeEnsemble"];
/** What may stand between a model's input and its trees without changing a number. */
const TRANSPARENT = ["Identity", "Cast", "Concat", "Reshape"];

/**
 * Reads a tree ensemble of an ONNX file: TreeEnsembleClassifier and TreeEnsembleRegressor of ai.onnx.ml, and
 * TreeEnsemble of its version 5, as skl2onnx and onnxmltools write them. Such a file has no covers: give `treeShap` a
 * background, or count the training rows with `countCovers`. A classifier of two classes that keeps the weights of
 * one has one output, the second class's.
 *
 * @throws ChecksError SCANFLOW_ONNX_INVALID when the bytes are no ONNX model
 * @throws ChecksError SCANFLOW_TREES_INVALID when there is not one such operator, what stands before it changes the
 * features, or it is damaged
 */
export function readOnnxTrees(bytes: Uint8Array): TreeEnsemble {
  const { graph } = readOnnx(bytes);
  const node = onlyTrees(graph);
  const read = treeNodeReader(node);
  const single = needInput(graph, node, read) !== "float64";
  const { trees, named } = treesOf(node, read);
  if (trees.length === 0) read.fail("has no tree");
  const aggregate = aggregateOf(read);
  const base = read.numbers("base_values");
  const labels = Math.max(read.ints("classlabels_int64s").length, read.texts("classlabels_strings").length);
  const isBinary = node.op === "TreeEnsembleClassifier" && labels === 2 && named.size <= 1;
  const outputs = isBinary ? 1 : node.op === "TreeEnsembleClassifier" ? labels : read.int("n_targets", 1);
  if (!isBinary) needOutputs(named, outputs, read);
  const features = featuresOf(graph, trees, read);
  return {
    features,
    levels: new Map(),
    outputs,
    trees: isBinary ? trees.map((tree) => ({ ...tree, output: 0 })) : trees,
    offset: Float64Array.from({ length: outputs }, (_, at) => base[isBinary ? base.length - 1 : at] ?? 0),
    divisor: aggregate === "AVERAGE" ? trees.length : 1,
    link: node.op !== "TreeEnsembleClassifier" && outputs === 1 ? linkOfOne(read) : linkOf(read, outputs),
    single,
  };
}

function onlyTrees({ nodes }: OnnxGraph): OnnxNode {
  const found = nodes.filter(({ op, domain }) => domain === "ai.onnx.ml" && OPERATORS.includes(op));
  const [node] = found;
  if (found.length === 1 && node !== undefined) return node;
  const others = [...new Set(nodes.map(({ op }) => op))].slice(0, 8).join(", ");
  throw new ChecksError(
    "SCANFLOW_TREES_INVALID",
    `ONNX model: there are ${found.length} tree operators among ${nodes.length} (${others}), not one. ` +
      "Explain a model of another kind with kernelShap and its runtime as the predictor.",
  );
}

/** The kind of elements that the trees are fed with; fails when another operator changes the features before. */
function needInput({ nodes, inputs }: OnnxGraph, trees: OnnxNode, read: TreeNodeReader): string {
  let name = trees.inputs[0] ?? "";
  let cast: number | undefined;
  for (let step = 0; step <= nodes.length; step += 1) {
    const input = inputs.find((own) => own.name === name);
    if (input !== undefined)
      return cast === 11 || (cast === undefined && input.element === "float64") ? "float64" : "float32";
    const before = nodes.find(({ outputs }) => outputs.includes(name));
    if (before === undefined) return read.fail(`reads "${name}", which nothing gives`);
    if (!TRANSPARENT.includes(before.op)) {
      return read.fail(
        `comes after ${before.op}, which changes the features: explain the trees alone, or the whole by kernelShap`,
      );
    }
    const to = before.attributes.to;
    if (before.op === "Cast" && cast === undefined && to?.kind === "int") cast = to.value;
    name = before.inputs[0] ?? "";
  }
  return read.fail("reads its own output");
}

function treesOf({ op }: OnnxNode, read: TreeNodeReader): FileTrees {
  if (op === "TreeEnsemble") return readTreeEnsemble(read);
  return readTreeLists(read, op === "TreeEnsembleClassifier" ? "class" : "target");
}

function aggregateOf(read: TreeNodeReader): "SUM" | "AVERAGE" {
  // A number in TreeEnsemble, a text in TreeEnsembleRegressor.
  const given = read.hasText("aggregate_function")
    ? read.text("aggregate_function", "SUM")
    : (["AVERAGE", "SUM", "MIN", "MAX"][read.int("aggregate_function", 1)] ?? "");
  if (given === "SUM" || given === "AVERAGE") return given;
  return read.fail(`aggregates by ${given}, which has no Shapley values here: only SUM and AVERAGE are read`);
}

function linkOf(read: TreeNodeReader, outputs: number): Link {
  const given = read.hasText("post_transform")
    ? read.text("post_transform", "NONE")
    : (["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"][read.int("post_transform", 0)] ?? "");
  if (given === "NONE") return { kind: "identity" };
  if (given === "LOGISTIC") return { kind: "sigmoid", steepness: 1 };
  if (given === "SOFTMAX") return outputs === 1 ? { kind: "sigmoid", steepness: 1 } : { kind: "softmax" };
  return read.fail(`has the post_transform ${given}: only NONE, LOGISTIC and SOFTMAX are read`);
}

/** Of one target ONNX Runtime links nothing, whatever the file says (tree_ensemble_aggregator.h, FinalizeScores1). */
function linkOfOne(read: TreeNodeReader): Link {
  linkOf(read, 1);
  return { kind: "identity" };
}

function needOutputs(named: ReadonlySet<number>, outputs: number, read: TreeNodeReader): void {
  if (outputs < 1) read.fail(`has ${outputs} outputs`);
  const beyond = [...named].find((output) => output >= outputs);
  if (beyond !== undefined) read.fail(`has a leaf for output ${beyond} of ${outputs}`);
}

/** Named by the inputs when there is one per column, else by place. */
function featuresOf({ inputs }: OnnxGraph, trees: FileTrees["trees"], read: TreeNodeReader): string[] {
  const used = trees.flatMap(({ feature }) => [...feature]);
  const highest = used.reduce((most, own) => Math.max(most, own), 0);
  if (used.some((own) => own < -1)) read.fail("splits by a feature with a number below 0");
  if (inputs.length > 1 && inputs.length > highest) return inputs.map(({ name }) => name);
  const width = inputs[0]?.shape?.at(-1);
  const count = typeof width === "number" && width > highest ? width : highest + 1;
  if (count > 1_000_000) read.fail(`splits by feature ${highest}`);
  return Array.from({ length: count }, (_, at) => `feature ${at}`);
}
