import type { OnnxAttribute, OnnxGraph } from "./model.ts";
import { readTensor } from "./read-tensor.ts";
import { broken, type Field, readFields } from "./wire/message-reader.ts";

/** Reads an `AttributeProto`. @param readGraph reads a graph in it, such as the branch of an `If` */
export function readAttribute(
  message: Uint8Array,
  place: string,
  readGraph: (message: Uint8Array, place: string) => OnnxGraph,
): readonly [name: string, OnnxAttribute] {
  const fields: Field[] = [];
  readFields(message, place, (field) => fields.push(field));
  const last = (number: number) => fields.findLast((field) => field.number === number);
  const all = (number: number) => fields.filter((field) => field.number === number);
  const name = last(1)?.text() ?? "";
  const own = `attribute "${name}" of ${place}`;
  const type = last(20)?.int() ?? inferred(fields);
  switch (type) {
    case 1:
      return [name, { kind: "float", value: last(2)?.float() ?? 0 }];
    case 2:
      return [name, { kind: "int", value: last(3)?.int() ?? 0 }];
    case 3:
      return [name, { kind: "string", value: last(4)?.text() ?? "" }];
    case 4:
      return [name, { kind: "tensor", value: readTensor(last(5)?.bytes() ?? new Uint8Array(0), own) }];
    case 5:
      return [name, { kind: "graph", value: readGraph(last(6)?.bytes() ?? new Uint8Array(0), own) }];
    case 6:
      return [name, { kind: "floats", value: joined(all(7).map((field) => field.floats())) }];
    case 7:
      return [
        name,
        {
          kind: "ints",
          value: safe(
            all(8).flatMap((field) => field.ints()),
            own,
          ),
        },
      ];
    case 8:
      return [name, { kind: "strings", value: all(9).map((field) => field.text()) }];
    default:
      throw broken(own, `is of the unsupported type ${type}`);
  }
}

/** Files before IR version 2 do not say the type. */
function inferred(fields: readonly Field[]): number {
  const first = fields.find(({ number }) => number >= 2 && number <= 9);
  return first === undefined ? 0 : first.number - 1;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return values;
}

function safe(values: readonly bigint[], place: string): number[] {
  return values.map((value) => {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw broken(place, `holds ${value}, beyond what a double holds exactly`);
  });
}
