import { elementOf } from "./elements.ts";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./model.ts";
import { readAttribute } from "./read-attribute.ts";
import { readTensor } from "./read-tensor.ts";
import { broken, readFields } from "./wire/message-reader.ts";

/** Graphs in graphs: more than real models have, fewer than the stack. */
const deepest = 32;

/**
 * Reads the bytes of an ONNX file, which may come from anywhere: other exporters, other versions, a cut-off download.
 * What the format may hold beyond an `OnnxModel` (documentation texts, shapes of inner values, functions) is passed
 * over. Whether operators exist and fit together is for the runtime to say.
 *
 * @throws ChecksError SCANFLOW_ONNX_INVALID naming the part that cannot be read
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  let irVersion = 0;
  let producer = "";
  let graph: OnnxGraph | null = null;
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  readFields(bytes, "the file", (field) => {
    if (field.number === 1) irVersion = field.int();
    else if (field.number === 2) producer = field.text();
    else if (field.number === 7) graph = readGraph(field.bytes(), "the graph", 0);
    else if (field.number === 8) {
      const { domain, version } = readOpset(field.bytes());
      opsets.set(domain, version);
    } else if (field.number === 14) {
      const { key, value } = readEntry(field.bytes());
      metadata.set(key, value);
    }
  });
  if (graph === null) throw broken("the file", `has no graph in its ${bytes.length} bytes`);
  return {
    irVersion,
    opsets: Object.fromEntries(opsets),
    producer,
    graph,
    metadata: Object.fromEntries(metadata),
  };
}

function readOpset(message: Uint8Array): { domain: string; version: number } {
  const opset = { domain: "", version: 0 };
  readFields(message, "a version of operators", (field) => {
    if (field.number === 1) opset.domain = field.text();
    else if (field.number === 2) opset.version = field.int();
  });
  return opset;
}

function readEntry(message: Uint8Array): { key: string; value: string } {
  const entry = { key: "", value: "" };
  readFields(message, "the metadata", (field) => {
    if (field.number === 1) entry.key = field.text();
    else if (field.number === 2) entry.value = field.text();
  });
  return entry;
}

function readGraph(message: Uint8Array, place: string, depth: number): OnnxGraph {
  if (depth > deepest) throw broken(place, `lies in more than ${deepest} graphs`);
  let name = "";
  const nodes: OnnxNode[] = [];
  const constants: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  readFields(message, place, (field) => {
    if (field.number === 1) nodes.push(readNode(field.bytes(), `node ${nodes.length}`, depth));
    else if (field.number === 2) name = field.text();
    else if (field.number === 5) constants.push(readTensor(field.bytes(), `constant ${constants.length}`));
    else if (field.number === 11) inputs.push(readValue(field.bytes(), `input ${inputs.length}`));
    else if (field.number === 12) outputs.push(readValue(field.bytes(), `output ${outputs.length}`));
    else if (field.number === 15) throw broken(place, "has sparse constants, which are not read");
  });
  return { name, nodes, constants, inputs, outputs };
}

function readNode(message: Uint8Array, place: string, depth: number): OnnxNode {
  const node = { op: "", domain: "", name: "", inputs: [] as string[], outputs: [] as string[] };
  const attributes: [string, OnnxAttribute][] = [];
  readFields(message, place, (field) => {
    if (field.number === 1) node.inputs.push(field.text());
    else if (field.number === 2) node.outputs.push(field.text());
    else if (field.number === 3) node.name = field.text();
    else if (field.number === 4) node.op = field.text();
    else if (field.number === 5) {
      const inner = (bytes: Uint8Array, where: string) => readGraph(bytes, where, depth + 1);
      const [name, attribute] = readAttribute(field.bytes(), place, inner);
      attributes.push([name, attribute]);
    } else if (field.number === 7) node.domain = field.text();
  });
  return { ...node, attributes: Object.fromEntries(attributes) };
}

function readValue(message: Uint8Array, place: string): OnnxValue {
  let name = "";
  let element: OnnxValue["element"] = null;
  let shape: (number | string)[] | null = null;
  readFields(message, place, (field) => {
    if (field.number === 1) name = field.text();
    else if (field.number === 2) {
      readFields(field.bytes(), place, (type) => {
        if (type.number !== 1) return;
        readFields(type.bytes(), place, (tensor) => {
          if (tensor.number === 1) element = elementOf(tensor.int()) ?? null;
          else if (tensor.number === 2) shape = readShape(tensor.bytes(), place);
        });
      });
    }
  });
  return { name, element, shape };
}

function readShape(message: Uint8Array, place: string): (number | string)[] {
  const lengths: (number | string)[] = [];
  readFields(message, place, (field) => {
    if (field.number !== 1) return;
    let length: number | string = "";
    readFields(field.bytes(), place, (one) => {
      if (one.number === 1) length = one.int();
      else if (one.number === 2) length = one.text();
    });
    lengths.push(length);
  });
  return lengths;
}
