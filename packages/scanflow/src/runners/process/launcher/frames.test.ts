import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameReader, FrameWriter } from "./frames.ts";

const frame = fc.record({
  kind: fc.integer({ min: 1, max: 255 }),
  about: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  content: fc.uint8Array({ maxLength: 300 }),
});

test("frames come out as they went in, however the stream is cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frame), fc.array(fc.integer({ min: 1, max: 400 })), async (frames, cuts) => {
      const stream = new PassThrough();
      const writer = new FrameWriter(stream);
      for (const { kind, about, content } of frames) writer.write(kind, about, content);
      await new Promise((resolve) => setImmediate(resolve));
      const bytes: Buffer = stream.read() ?? Buffer.alloc(0);
      const seen: unknown[] = [];
      const reader = new FrameReader((kind, about, content) => {
        seen.push({ kind, about, content: new Uint8Array(content) });
      });
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        if (at < bytes.length) reader.read(bytes.subarray(at, at + cut));
        at += cut;
      }
      expect(seen).toEqual(frames);
    }),
  );
});
