import { encodeUtf8 } from "./utf8.ts";

/** Writes one protobuf message, field by field. */
export interface MessageWriter {
  varint(field: number, value: number | bigint): void;
  float(field: number, value: number): void;
  bytes(field: number, value: Uint8Array): void;
  text(field: number, value: string): void;
  /** A message in this one. */
  message(field: number, write: (inner: MessageWriter) => void): void;
  finish(): Uint8Array;
}

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

export function createMessageWriter(): MessageWriter {
  let buffer = new Uint8Array(256);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + more));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  }

  function raw(value: number | bigint): void {
    reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 0x7fn) {
      buffer[length] = Number(rest & 0x7fn) | 0x80;
      length += 1;
      rest >>= 7n;
    }
    buffer[length] = Number(rest);
    length += 1;
  }

  function varint(field: number, value: number | bigint): void {
    raw(field * 8 + VARINT);
    raw(value);
  }

  function float(field: number, value: number): void {
    raw(field * 8 + FIXED32);
    reserve(4);
    new DataView(buffer.buffer).setFloat32(length, value, true);
    length += 4;
  }

  function bytes(field: number, value: Uint8Array): void {
    raw(field * 8 + BYTES);
    raw(value.length);
    reserve(value.length);
    buffer.set(value, length);
    length += value.length;
  }

  function text(field: number, value: string): void {
    bytes(field, encodeUtf8(value));
  }

  function message(field: number, write: (inner: MessageWriter) => void): void {
    const inner = createMessageWriter();
    write(inner);
    bytes(field, inner.finish());
  }

  return { varint, float, bytes, text, message, finish: () => buffer.slice(0, length) };
}
