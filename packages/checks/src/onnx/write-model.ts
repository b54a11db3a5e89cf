import { ELEMENT_CODES } from "./elements.ts";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./model.ts";
import { createMessageWriter, type MessageWriter } from "./wire/message-writer.ts";

/** `AttributeProto.AttributeType`. */
const attributeTypes: Readonly<Record<OnnxAttribute["kind"], number>> = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
};

/**
 * The bytes of an ONNX file, which any runtime opens. The same model gives the same bytes.
 *
 * ```ts
 * import { tensorOf, writeOnnx } from "@scanflow/checks/onnx";
 *
 * const bytes = writeOnnx({
 *   irVersion: 8,
 *   opsets: { "": 17 },
 *   producer: "me",
 *   metadata: {},
 *   graph: {
 *     name: "double",
 *     nodes: [
 *       { op: "Mul", domain: "", name: "", inputs: ["x", "two"], outputs: ["y"], attributes: {} },
 *     ],
 *     constants: [tensorOf("two", [], Float32Array.of(2))],
 *     inputs: [{ name: "x", element: "float32", shape: ["rows"] }],
 *     outputs: [{ name: "y", element: "float32", shape: ["rows"] }],
 *   },
 * });
 * console.log(bytes.length);
 * ```
 */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const out = createMessageWriter();
  out.varint(1, model.irVersion);
  out.text(2, model.producer);
  out.message(7, (inner) => writeGraph(inner, model.graph));
  for (const [domain, version] of Object.entries(model.opsets)) {
    out.message(8, (inner) => {
      inner.text(1, domain);
      inner.varint(2, version);
    });
  }
  for (const [key, value] of Object.entries(model.metadata)) {
    out.message(14, (inner) => {
      inner.text(1, key);
      inner.text(2, value);
    });
  }
  return out.finish();
}

function writeGraph(out: MessageWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) out.message(1, (inner) => writeNode(inner, node));
  out.text(2, graph.name);
  for (const tensor of graph.constants) out.message(5, (inner) => writeTensor(inner, tensor));
  for (const value of graph.inputs) out.message(11, (inner) => writeValue(inner, value));
  for (const value of graph.outputs) out.message(12, (inner) => writeValue(inner, value));
}

function writeNode(out: MessageWriter, node: OnnxNode): void {
  for (const input of node.inputs) out.text(1, input);
  for (const output of node.outputs) out.text(2, output);
  if (node.name !== "") out.text(3, node.name);
  out.text(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    out.message(5, (inner) => writeAttribute(inner, name, attribute));
  }
  if (node.domain !== "") out.text(7, node.domain);
}

function writeAttribute(out: MessageWriter, name: string, attribute: OnnxAttribute): void {
  out.text(1, name);
  switch (attribute.kind) {
    case "float":
      out.float(2, attribute.value);
      break;
    case "int":
      out.varint(3, attribute.value);
      break;
    case "string":
      out.text(4, attribute.value);
      break;
    case "tensor":
      out.message(5, (inner) => writeTensor(inner, attribute.value));
      break;
    case "graph":
      out.message(6, (inner) => writeGraph(inner, attribute.value));
      break;
    case "floats":
      for (const value of attribute.value) out.float(7, value);
      break;
    case "ints":
      for (const value of attribute.value) out.varint(8, value);
      break;
    case "strings":
      for (const value of attribute.value) out.text(9, value);
  }
  out.varint(20, attributeTypes[attribute.kind]);
}

function writeTensor(out: MessageWriter, tensor: OnnxTensor): void {
  for (const length of tensor.shape) out.varint(1, length);
  out.varint(2, ELEMENT_CODES[tensor.element]);
  if (tensor.element === "string") for (const value of tensor.values) out.text(6, value);
  if (tensor.name !== "") out.text(8, tensor.name);
  if (tensor.element === "string") return;
  const { buffer, byteOffset, byteLength } = tensor.values;
  out.bytes(9, new Uint8Array(buffer, byteOffset, byteLength));
}

function writeValue(out: MessageWriter, { name, element, shape }: OnnxValue): void {
  out.text(1, name);
  if (element === null) return;
  out.message(2, (type) => {
    type.message(1, (tensor) => {
      tensor.varint(1, ELEMENT_CODES[element]);
      if (shape === null) return;
      tensor.message(2, (lengths) => {
        for (const length of shape) {
          lengths.message(1, (one) =>
            typeof length === "number" ? one.varint(1, length) : one.text(2, length),
          );
        }
      });
    });
  });
}
