import type { OnnxModel } from "../onnx/model.ts";
import { readOnnx } from "../onnx/read-model.ts";
import { writeOnnx } from "../onnx/write-model.ts";

const KEY = "scanflow.digest";

/** A detector's file with a digest of all else in it, so that a changed bit is seen: the graph would compute on with it. */
export function sealed(bytes: Uint8Array): Uint8Array {
  const model = readOnnx(bytes);
  return writeOnnx({ ...model, metadata: { ...model.metadata, [KEY]: digestOf(model) } });
}

/** Whether a file is what was sealed. One without a digest, from an earlier version, is taken at its word. */
export function isWhole(model: OnnxModel): boolean {
  const { [KEY]: digest, ...metadata } = model.metadata;
  return digest === undefined || digest === digestOf({ ...model, metadata });
}

/** 64 bits of the model's bytes: two lanes of multiply and rotate, as texts are hashed. No safeguard against intent. */
function digestOf(model: OnnxModel): string {
  const bytes = writeOnnx(model);
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [first, second] = [0x510e527f, bytes.length];
  const take = (word: number) => {
    first = Math.imul(first ^ word, 0xcc9e2d51);
    first = (first << 15) | (first >>> 17);
    second = Math.imul(second ^ word, 0x1b873593);
    second = (second << 13) | (second >>> 19);
  };
  const even = bytes.length - (bytes.length % 4);
  for (let at = 0; at < even; at += 4) take(words.getInt32(at, true));
  for (let at = even; at < bytes.length; at += 1) take(words.getUint8(at));
  return [first, second].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
