import { tensorSize } from "../batch/tensor-size.ts";
import { ARRAYS, elementOf } from "./elements.ts";
import type { OnnxElement, OnnxTensor } from "./model.ts";
import { broken, readFields } from "./wire/message-reader.ts";

/** What a `TensorProto` holds, before its parts are put together. */
interface Parts {
  name: string;
  code: number;
  readonly shape: number[];
  raw: Uint8Array | null;
  readonly texts: string[];
  readonly floats: number[];
  readonly doubles: number[];
  /** `int32_data`, `int64_data` or `uint64_data`: a tensor has one of them. */
  readonly ints: bigint[];
}

/** Reads a `TensorProto`: raw bytes, or one of the typed lists. */
export function readTensor(message: Uint8Array, place: string): OnnxTensor {
  const parts: Parts = {
    name: "",
    code: 0,
    shape: [],
    raw: null,
    texts: [],
    floats: [],
    doubles: [],
    ints: [],
  };
  readFields(message, place, (field) => {
    if (field.number === 1) parts.shape.push(...field.ints().map(Number));
    else if (field.number === 2) parts.code = field.int();
    else if (field.number === 4) append(parts.floats, field.floats());
    else if (field.number === 5 || field.number === 7 || field.number === 11)
      append(parts.ints, field.ints());
    else if (field.number === 6) parts.texts.push(field.text());
    else if (field.number === 8) parts.name = field.text();
    else if (field.number === 9) parts.raw = field.bytes();
    else if (field.number === 10) append(parts.doubles, field.doubles());
    else if (field.number === 13 || (field.number === 14 && field.int() === 1)) {
      throw broken(place, "keeps its values in another file, which is not read");
    }
  });
  const size = tensorSize(parts.shape);
  if (parts.shape.some((length) => length < 0) || !Number.isSafeInteger(size)) {
    throw broken(`${place} "${parts.name}"`, `has the shape [${parts.shape}]`);
  }
  return assemble(parts, size, `${place} "${parts.name}"`);
}

function assemble(parts: Parts, size: number, place: string): OnnxTensor {
  const { name, shape } = parts;
  const element = elementOf(parts.code);
  if (element === undefined) throw broken(place, `has elements of the unsupported type ${parts.code}`);
  const values = element === "string" ? parts.texts : numbersOf(parts, element, place);
  if (values.length !== size) {
    throw broken(place, `has ${values.length} values, but the shape [${shape}]`);
  }
  return { name, element, shape, values } as OnnxTensor;
}

function numbersOf(parts: Parts, element: Exclude<OnnxElement, "string">, place: string) {
  const Values = ARRAYS[element];
  if (parts.raw !== null) {
    if (parts.raw.length % Values.BYTES_PER_ELEMENT !== 0)
      throw broken(place, "has half a number at its end");
    return new Values(Uint8Array.from(parts.raw).buffer);
  }
  if (element === "float32") return Float32Array.from(parts.floats);
  if (element === "float64") return Float64Array.from(parts.doubles);
  if (element === "int64") return BigInt64Array.from(parts.ints);
  if (element === "uint64") return BigUint64Array.from(parts.ints);
  return ARRAYS[element].from(parts.ints.map(Number));
}

function append<Value>(list: Value[], more: Iterable<Value>): void {
  for (const value of more) list.push(value);
}
