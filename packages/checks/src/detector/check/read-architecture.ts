import type { JsonReader } from "../../json/json-reader.ts";
import type { Layer } from "../../nn/network.ts";
import type { Architecture } from "../kind/architecture.ts";

/** What each kind of layer is given, by what it is; a question mark where it may be left out. */
const fields = {
  dense: { units: "whole" },
  conv: { filters: "whole", kernel: "whole", stride: "whole?", padding: "padding?" },
  upsample: { scale: "whole" },
  "max-pool": { size: "whole" },
  "average-pool": { size: "whole" },
  relu: {},
  "leaky-relu": {},
  sigmoid: {},
  tanh: {},
  reshape: { shape: "shape" },
} as const satisfies Readonly<Record<Layer["kind"], Readonly<Record<string, string>>>>;

/** "dense", "convolutional", or lists of layers. Errors: those of the reader, at the layer. */
export function readArchitecture(read: JsonReader, value: unknown): Architecture {
  if (typeof value === "string") return read.oneOf(["dense", "convolutional"], value, "architecture");
  const { encoder, decoder, ...others } = read.object(value, "architecture");
  refuse(read, others, "architecture");
  return {
    encoder: readLayers(read, encoder, "architecture.encoder"),
    decoder: readLayers(read, decoder, "architecture.decoder"),
  };
}

function readLayers(read: JsonReader, value: unknown, path: string): readonly Layer[] {
  return read.list(value, path).map((one, at) => readLayer(read, one, `${path}[${at}]`));
}

function readLayer(read: JsonReader, value: unknown, path: string): Layer {
  const { kind: named, ...given } = read.object(value, path);
  const kind = read.oneOf(Object.keys(fields) as Layer["kind"][], named, `${path}.kind`);
  const wanted: Readonly<Record<string, string>> = fields[kind];
  const entries = Object.entries(wanted)
    .filter(([name, how]) => !how.endsWith("?") || given[name] !== undefined)
    .map(([name, how]) => [name, readField(read, { how, value: given[name], path: `${path}.${name}` })]);
  refuse(
    read,
    Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(wanted, name))),
    path,
  );
  return { kind, ...Object.fromEntries(entries) } as Layer;
}

function readField(
  read: JsonReader,
  { how, value, path }: { readonly how: string; readonly value: unknown; readonly path: string },
): unknown {
  if (how.startsWith("padding")) return read.oneOf(["same", "valid"], value, path);
  if (how === "shape") return read.list(value, path).map((one, at) => length(read, one, `${path}[${at}]`));
  return length(read, value, path);
}

function length(read: JsonReader, value: unknown, path: string): number {
  const number = read.whole(value, path);
  return number > 0 ? number : read.fail(path, value, "a whole number from 1 on");
}

function refuse(read: JsonReader, others: Readonly<Record<string, unknown>>, path: string): void {
  const [name] = Object.keys(others);
  if (name !== undefined) read.fail(`${path}.${name}`, others[name], "one of its fields");
}
