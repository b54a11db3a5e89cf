import fc from "fast-check";
import { expect, test } from "vitest";
import { LogFrames } from "./log-frames.ts";

function frame(stream: 1 | 2, text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

test("frames are told apart wherever the bytes are cut", () => {
  const frames = fc.array(fc.tuple(fc.constantFrom<1 | 2>(1, 2), fc.string()), { maxLength: 8 });
  fc.assert(
    fc.property(frames, fc.array(fc.nat(40)), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(([stream, text]) => frame(stream, text)));
      const got = { stdout: "", stderr: "" };
      const reader = new LogFrames((stream, chunk) => (got[stream] += chunk.toString("latin1")));
      let at = 0;
      for (const length of [...cuts, bytes.length]) {
        reader.write(bytes.subarray(at, at + length));
        at = Math.min(bytes.length, at + length);
      }
      const of = (stream: 1 | 2) =>
        Buffer.concat(sent.filter(([one]) => one === stream).map(([, text]) => Buffer.from(text)));
      expect(got).toEqual({ stdout: of(1).toString("latin1"), stderr: of(2).toString("latin1") });
    }),
  );
});
