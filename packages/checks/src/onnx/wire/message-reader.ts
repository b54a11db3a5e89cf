import { ChecksError } from "../../errors.ts";
import { decodeUtf8 } from "./utf8.ts";

/** One field of a protobuf message, of whichever wire type it was written as. */
export interface Field {
  readonly number: number;
  /** A whole number; a wrong wire type is an error. */
  int(): number;
  bigint(): bigint;
  float(): number;
  text(): string;
  bytes(): Uint8Array;
  /** Numbers of a repeated field, which may be packed or stand alone. */
  ints(): bigint[];
  floats(): Float32Array;
  doubles(): Float64Array;
}

const wireNames = ["a number", "8 bytes", "bytes", "a group", "a group", "4 bytes"];

/** An error of the file, at the message and field where it is. */
export function broken(place: string, reason: string): ChecksError {
  return new ChecksError(
    "SCANFLOW_ONNX_INVALID",
    `The ONNX model: ${place} ${reason}. Write the file again, or give another one; it may be cut off or no ONNX model.`,
  );
}

/**
 * Reads the fields of one message in their order; bytes are views, not copies.
 *
 * @param place the message, for errors
 * @throws ChecksError SCANFLOW_ONNX_INVALID when the bytes are no message
 */
export function readFields(message: Uint8Array, place: string, visit: (field: Field) => void): void {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;

  function need(length: number): number {
    if (length > message.length - at) throw broken(place, `ends too early, at byte ${message.length}`);
    const start = at;
    at += length;
    return start;
  }

  while (at < message.length) {
    const [key, afterKey] = readVarint(message, at, place);
    at = afterKey;
    const number = Number(key >> 3n);
    const wire = Number(key & 7n);
    if (number === 0 || number > 0x1fffffff) throw broken(place, `has a field numbered ${number}`);
    if (wire === 0) {
      const [value, end] = readVarint(message, at, place);
      at = end;
      visit(fieldOf({ number, wire, place, value }));
    } else if (wire === 1) visit(fieldOf({ number, wire, place, value: view.getFloat64(need(8), true) }));
    else if (wire === 5) visit(fieldOf({ number, wire, place, value: view.getFloat32(need(4), true) }));
    else if (wire === 2) {
      const [length, end] = readVarint(message, at, place);
      at = end;
      const size = length > 0xffffffffn ? Number.POSITIVE_INFINITY : Number(length);
      const start = need(size);
      visit(fieldOf({ number, wire, place, value: message.subarray(start, start + size) }));
    } else throw broken(place, `has a field of the unknown wire type ${wire}`);
  }
}

function readVarint(bytes: Uint8Array, start: number, place: string): readonly [bigint, number] {
  let value = 0n;
  for (let at = start; at < start + 10; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) throw broken(place, `ends too early, at byte ${bytes.length}`);
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return [BigInt.asUintN(64, value), at + 1];
  }
  throw broken(place, `has a number of more than 10 bytes at byte ${start}`);
}

interface RawField {
  readonly number: number;
  readonly wire: number;
  readonly place: string;
  readonly value: bigint | number | Uint8Array;
}

function fieldOf({ number, wire, place, value }: RawField): Field {
  function wrong(wanted: string): ChecksError {
    return broken(place, `has ${wireNames[wire]} in field ${number}, not ${wanted}`);
  }
  function bytes(): Uint8Array {
    if (value instanceof Uint8Array) return value;
    throw wrong("bytes");
  }
  function bigint(): bigint {
    if (typeof value === "bigint") return BigInt.asIntN(64, value);
    throw wrong("a whole number");
  }
  function int(): number {
    const whole = Number(bigint());
    if (Number.isSafeInteger(whole)) return whole;
    throw broken(place, `has ${whole} in field ${number}, beyond what a double holds exactly`);
  }
  function float(): number {
    if (wire === 5 && typeof value === "number") return value;
    throw wrong("a float");
  }
  function text(): string {
    const found = decodeUtf8(bytes());
    if (found !== undefined) return found;
    throw broken(place, `has a text in field ${number} that is not UTF-8`);
  }
  function ints(): bigint[] {
    if (wire === 0) return [bigint()];
    const packed = bytes();
    const found: bigint[] = [];
    for (let at = 0; at < packed.length; ) {
      const [one, end] = readVarint(packed, at, place);
      found.push(BigInt.asIntN(64, one));
      at = end;
    }
    return found;
  }
  function floats(): Float32Array {
    return wire === 5 ? Float32Array.of(float()) : new Float32Array(aligned(bytes(), 4).buffer);
  }
  function doubles(): Float64Array {
    if (wire === 1 && typeof value === "number") return Float64Array.of(value);
    return new Float64Array(aligned(bytes(), 8).buffer);
  }
  function aligned(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
    if (packed.length % size !== 0) throw broken(place, `has half a number in field ${number}`);
    return Uint8Array.from(packed);
  }
  return { number, int, bigint, float, text, bytes, ints, floats, doubles };
}
