import type { RuntimeTensors } from "@scanflow/checks/onnx";

/** Tensors to be sent, and the buffers that may be moved instead of copied. */
export interface CutOut {
  readonly steps: readonly RuntimeTensors[];
  readonly moved: readonly ArrayBuffer[];
}

/**
 * A message to a thread carries the whole buffer behind a part of an array: a batch of a large table would take the
 * table along. Where the parts are smaller than what lies behind them, they are copied out, each once.
 */
export function cutOut(steps: readonly RuntimeTensors[]): CutOut {
  const views = new Set(steps.flatMap((step) => Object.values(step).map(({ values }) => values)));
  const buffers = new Set([...views].map(({ buffer }) => buffer));
  const bytes = (parts: Iterable<{ readonly byteLength: number }>) =>
    [...parts].reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (bytes(views) >= bytes(buffers)) return { steps, moved: [] };
  const copies = new Map([...views].map((view) => [view, view.slice()]));
  const cut = steps.map((step) =>
    Object.fromEntries(
      Object.entries(step).map(([name, tensor]) => [
        name,
        { ...tensor, values: copies.get(tensor.values) ?? tensor.values },
      ]),
    ),
  );
  return {
    steps: cut as readonly RuntimeTensors[],
    moved: [...copies.values()].map(({ buffer }) => buffer as ArrayBuffer),
  };
}
