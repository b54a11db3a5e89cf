import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { openBench } from "../bench.test.support.ts";
import { Pieces } from "./pieces.ts";
import { ShownLines } from "./shown-lines.ts";

function shownOf(...chunks: string[]): { bytes: string; lines: string[] } {
  const taken: Buffer[] = [];
  const lines: string[] = [];
  const shown = new ShownLines((line) => lines.push(line));
  const pieces = new Pieces((piece) => {
    taken.push(Buffer.from(piece));
    shown.write(piece);
  });
  for (const chunk of chunks) pieces.write(Buffer.from(chunk, "latin1"));
  pieces.end();
  return { bytes: Buffer.concat(taken).toString("latin1"), lines };
}

test.each([
  [
    ["\r 1%", "\r 2%", "\r 3%\n"],
    [" 1%\r", " 3%"],
  ],
  [
    ["1%\r", "2%\r"],
    ["1%\r", "2%\r", "2%"],
  ],
  [
    ["one\r\ntwo\r", "\n\nend"],
    ["one", "two\r", "two", "", "end"],
  ],
])("the output %j is shown as the lines %j", (chunks, lines) => {
  expect(shownOf(...chunks).lines).toEqual(lines);
});

test("the bytes stay as they are, however they come, and whole lines do not depend on it", () => {
  const chunk = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "b"), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 8 }), (chunks) => {
      const text = chunks.join("");
      const { bytes, lines } = shownOf(...chunks);
      expect(bytes).toBe(text === "" || text.endsWith("\n") ? text : `${text}\n`);
      const whole = (given: readonly string[]) => given.filter((line) => !line.endsWith("\r"));
      expect(whole(lines)).toEqual(whole(shownOf(text).lines));
    }),
  );
});

test("what stands on a line is in the log while the command goes on", async () => {
  const bench = await openBench();
  const go = `${bench.root}/go`;
  const line = `printf '50%%\\r'; printf half; while [ ! -e ${go} ]; do sleep 0.02; done; echo ' done'`;
  const attempt = bench.start({ command: { kind: "command", command: ["sh", "-c", line] } });
  expect(await attempt.said("50%")).toBe("50%\r");
  await vi.waitFor(() => expect(readFileSync(attempt.spec.log, "utf8")).toBe("50%\rhalf"), 20_000);
  await bench.write("go", "");
  await attempt.done;
  expect(attempt.lines.at(-1)).toBe("half done");
  expect(readFileSync(attempt.spec.log, "utf8")).toBe("50%\rhalf done\n");
});
