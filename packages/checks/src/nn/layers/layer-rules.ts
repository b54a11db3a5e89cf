import { tensorSize } from "../../batch/tensor-size.ts";
import { ChecksError } from "../../errors.ts";
import { shown } from "../../json/json-reader.ts";
import type { Layer, Network } from "../network.ts";
import { activationRule } from "./activation.ts";
import { convRule } from "./conv.ts";
import { denseRule } from "./dense.ts";
import type { LayerRule } from "./layer-rule.ts";
import { poolRule, upsampleRule } from "./resample.ts";
import { reshapeRule } from "./reshape.ts";

/** Of 4 bytes: 2 GiB of them. */
const MOST_NUMBERS = 2 ** 29;

/** Which shapes of input a layer takes: images, flat rows, or all. */
const takes: Readonly<Record<Layer["kind"], "images" | "flat rows" | "all">> = {
  dense: "flat rows",
  conv: "images",
  upsample: "images",
  "max-pool": "images",
  "average-pool": "images",
  relu: "all",
  "leaky-relu": "all",
  sigmoid: "all",
  tanh: "all",
  reshape: "all",
};

/**
 * What each layer does, given the shapes that those before it leave.
 *
 * @throws ChecksError SCANFLOW_NETWORK_INVALID naming the layer that does not fit
 */
export function layerRules({ input, layers }: Network): readonly LayerRule[] {
  if (input.length === 0 || !input.every(isLength)) {
    throw wrong(
      `its input has the shape [${input}]`,
      "Give the shape of one row, such as [784] or [1, 28, 28]",
    );
  }
  if (layers.length === 0) throw wrong("it has no layers", "Give at least one");
  let shape = input;
  return layers.map((layer, place) => {
    const rule = ruleOf(layer, shape, place);
    if (!rule.output.every(isLength)) {
      throw wrong(
        `layer ${place} (${layer.kind}) would give the shape [${rule.output}]`,
        `The layers before leave [${shape}]: choose sizes from 1 on that fit it`,
      );
    }
    const numbers = rule.weights.reduce((sum, { shape: own }) => sum + tensorSize(own), 0);
    if (Math.max(numbers, tensorSize(rule.output)) > MOST_NUMBERS) {
      throw wrong(
        `layer ${place} (${layer.kind}) takes more than ${MOST_NUMBERS} numbers`,
        "Choose fewer units: a file of ONNX holds 2 GiB",
      );
    }
    shape = rule.output;
    return rule;
  });
}

/** Shape of one row of the network's answer. */
export function outputShape(network: Network): readonly number[] {
  return layerRules(network).at(-1)?.output ?? network.input;
}

function ruleOf(layer: Layer, shape: readonly number[], place: number): LayerRule {
  if (!Object.hasOwn(takes, layer.kind)) {
    throw wrong(
      `layer ${place} has the kind ${shown(layer.kind)}`,
      `Give one of ${Object.keys(takes).join(", ")}`,
    );
  }
  const wanted = takes[layer.kind];
  const dimensions = wanted === "images" ? 3 : 1;
  if (wanted !== "all" && shape.length !== dimensions) {
    throw wrong(
      `layer ${place} (${layer.kind}) takes ${wanted}, but the layers before leave [${shape}]`,
      'Put a "reshape" before it',
    );
  }
  switch (layer.kind) {
    case "dense":
      return denseRule(layer, shape);
    case "conv":
      return convRule(layer, shape);
    case "upsample":
      return upsampleRule(layer, shape);
    case "max-pool":
    case "average-pool":
      return poolRule(layer, shape);
    case "reshape":
      if (tensorSize(layer.shape) !== tensorSize(shape)) {
        throw wrong(`layer ${place} makes [${layer.shape}] of [${shape}]`, "Give as many numbers as come in");
      }
      return reshapeRule(layer, shape);
    default:
      return activationRule(layer, shape);
  }
}

function isLength(length: number): boolean {
  return Number.isSafeInteger(length) && length > 0;
}

function wrong(reason: string, action: string): ChecksError {
  return new ChecksError("SCANFLOW_NETWORK_INVALID", `The network: ${reason}. ${action}.`);
}
