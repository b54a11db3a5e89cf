import type { GraphBuilder } from "../onnx/graph-builder.ts";

/** Adam (Kingma and Ba, ICLR 2015) with its bias correction; decay as in AdamW (Loshchilov and Hutter, ICLR 2019). */
export interface Adam {
  readonly kind: "adam";
  /** Default 0.001. */
  readonly rate?: number;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** What part of each weight, times the rate, is taken away at a step; default 0: none. */
  readonly weightDecay?: number;
}

/** Adadelta (Zeiler 2012, arXiv:1212.5701) as Keras has it, with a rate. */
export interface Adadelta {
  readonly kind: "adadelta";
  /** Default 1, as in the paper. */
  readonly rate?: number;
  /** Default 0.95. */
  readonly rho?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
}

/** How weights follow their gradients. */
export type Optimizer = Adam | Adadelta;

interface UpdateInput {
  readonly graph: GraphBuilder;
  readonly weight: string;
  readonly gradient: string;
  /** Two states of the weight's shape, 0 at first. */
  readonly first: string;
  readonly second: string;
}

/** Names of the scalars that a step brings along. */
export const STEP_SCALARS = ["step.rate", "step.epsilon", "step.keep"] as const;

const [RATE, EPSILON, KEEP] = STEP_SCALARS;

/** One step for one weight: its new value and states. */
export function applyOptimizer(
  optimizer: Optimizer,
  input: UpdateInput,
): { readonly weight: string; readonly first: string; readonly second: string } {
  return optimizer.kind === "adam" ? adam(optimizer, input) : adadelta(optimizer, input);
}

/**
 * The moments are kept without their factors 1 − β, which the scalars of the step make good: two passes over the
 * weights fewer.
 */
function adam(
  { beta1 = 0.9, beta2 = 0.999, weightDecay = 0 }: Adam,
  { graph, weight, gradient, first, second }: UpdateInput,
) {
  const mean = graph.op("Add", [graph.op("Mul", [first, graph.scalar(beta1)]), gradient]);
  const square = graph.op("Add", [
    graph.op("Mul", [second, graph.scalar(beta2)]),
    graph.op("Mul", [gradient, gradient]),
  ]);
  const size = graph.op("Add", [graph.op("Sqrt", [square]), EPSILON]);
  const change = graph.op("Mul", [graph.op("Div", [mean, size]), RATE]);
  const kept = weightDecay === 0 ? weight : graph.op("Mul", [weight, KEEP]);
  return { weight: graph.op("Sub", [kept, change]), first: mean, second: square };
}

function adadelta({ rho = 0.95 }: Adadelta, { graph, weight, gradient, first, second }: UpdateInput) {
  const running = (state: string, value: string) =>
    graph.op("Add", [
      graph.op("Mul", [state, graph.scalar(rho)]),
      graph.op("Mul", [graph.op("Mul", [value, value]), graph.scalar(1 - rho)]),
    ]);
  const root = (state: string) => graph.op("Sqrt", [graph.op("Add", [state, EPSILON])]);
  const square = running(first, gradient);
  const change = graph.op("Mul", [graph.op("Div", [root(second), root(square)]), gradient]);
  return {
    weight: graph.op("Sub", [weight, graph.op("Mul", [change, RATE])]),
    first: square,
    second: running(second, change),
  };
}

/** The scalars of step `step` (1 is the first), in the order of STEP_SCALARS. @param rate of this step, 0 or more */
export function stepScalars(optimizer: Optimizer, step: number, rate: number): readonly number[] {
  if (optimizer.kind === "adadelta") return [rate, optimizer.epsilon ?? 1e-7, 1];
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = optimizer;
  const spread = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
  return [(rate * (1 - beta1) * spread) / (1 - beta1 ** step), epsilon * spread, 1 - rate * weightDecay];
}

/** Rate where none is given: Adam's 0.001; 1 for Adadelta, as in its paper. */
export function usualRate(optimizer: Optimizer): number {
  return optimizer.rate ?? (optimizer.kind === "adam" ? 0.001 : 1);
}
