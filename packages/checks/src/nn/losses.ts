import { ChecksError } from "../errors.ts";
import { shown } from "../json/json-reader.ts";
import { int } from "../onnx/attributes.ts";
import type { GraphBuilder } from "../onnx/graph-builder.ts";

/**
 * - `squared`: mean squared error over all numbers
 * - `logistic`: binary cross entropy of logits, mean over all numbers; targets from 0 to 1
 * - `softmax`: cross entropy of logits, mean over rows; targets are rows of probabilities, such as one-hot classes
 */
export type Loss = "squared" | "logistic" | "softmax";

interface LossInput {
  readonly graph: GraphBuilder;
  /** What the network answers: numbers, or logits. */
  readonly y: string;
  readonly target: string;
  /** One over how many numbers (or rows, for `softmax`) the mean is taken: a scalar of the step. */
  readonly share: string;
}

/** The loss, and its gradient by `y`. */
export function applyLoss(loss: Loss, input: LossInput): { readonly value: string; readonly dy: string } {
  if (Object.hasOwn(losses, loss)) return losses[loss](input);
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `"loss" is ${shown(loss)}: give one of ${Object.keys(losses).join(", ")}.`,
  );
}

const losses: Readonly<Record<Loss, (input: LossInput) => { value: string; dy: string }>> = {
  squared: ({ graph, y, target, share }) => {
    const error = graph.op("Sub", [y, target]);
    const sum = total(graph, graph.op("Mul", [error, error]));
    return {
      value: graph.op("Mul", [sum, share]),
      dy: graph.op("Mul", [error, graph.op("Add", [share, share])]),
    };
  },
  // log(1 + e^y) − t·y, as softplus of −|y| and the positive part: no overflow.
  logistic: ({ graph, y, target, share }) => {
    const positive = graph.op("Relu", [y]);
    const tail = graph.op("Softplus", [graph.op("Neg", [graph.op("Abs", [y])])]);
    const each = graph.op("Add", [graph.op("Sub", [positive, graph.op("Mul", [y, target])]), tail]);
    return {
      value: graph.op("Mul", [total(graph, each), share]),
      dy: graph.op("Mul", [graph.op("Sub", [graph.op("Sigmoid", [y]), target]), share]),
    };
  },
  softmax: ({ graph, y, target, share }) => {
    const logs = graph.op("LogSoftmax", [y], { axis: int(-1) });
    const sum = total(graph, graph.op("Mul", [logs, target]));
    return {
      value: graph.op("Neg", [graph.op("Mul", [sum, share])]),
      dy: graph.op("Mul", [graph.op("Sub", [graph.op("Softmax", [y], { axis: int(-1) }), target]), share]),
    };
  },
};

function total(graph: GraphBuilder, values: string): string {
  return graph.op("ReduceSum", [values], { keepdims: int(0) });
}

/** Over how many numbers of a batch the mean is taken. */
export function meanOver(loss: Loss, rows: number, size: number): number {
  return loss === "softmax" ? rows : rows * size;
}
