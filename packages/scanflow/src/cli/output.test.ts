import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { Output, type OutputOptions } from "./output.ts";

function outputs(options: Partial<OutputOptions> & { terminal?: boolean } = {}) {
  const out = Object.assign(new PassThrough(), { isTTY: options.terminal ?? false });
  const err = new PassThrough();
  const output = new Output({
    json: false,
    color: true,
    env: {},
    ...options,
    out: out as unknown as NodeJS.WriteStream,
    err: err as unknown as NodeJS.WriteStream,
  });
  return { output, out: () => String(out.read() ?? ""), err: () => String(err.read() ?? "") };
}

const broken = Object.assign(new Error("It broke. Mend it."), { code: "SCANFLOW_BROKEN" });

test("an error is one line with its code, without a stack", () => {
  const { output, out, err } = outputs();
  output.error(broken);
  expect(err()).toBe("error SCANFLOW_BROKEN: It broke. Mend it.\n");
  expect(out()).toBe("");
});

test("with SCANFLOW_DEBUG=1 the stack and its causes follow", () => {
  const { output, err } = outputs({ env: { SCANFLOW_DEBUG: "1" } });
  output.error(new Error("outer", { cause: broken }));
  expect(err()).toMatch(
    /^error SCANFLOW_INTERNAL: outer\nError: outer\n {4}at [\s\S]*\ncaused by Error: It broke/,
  );
});

test("with --json an error is one JSON document, and notes for people are left out", () => {
  const { output, err } = outputs({ json: true });
  output.note("hello");
  output.error(broken);
  expect(JSON.parse(err())).toEqual({ error: { code: "SCANFLOW_BROKEN", message: "It broke. Mend it." } });
});

test.each([
  [{ terminal: true }, true],
  [{ terminal: false }, false],
  [{ terminal: true, color: false }, false],
  [{ terminal: true, env: { NO_COLOR: "1" } }, false],
  [{ terminal: true, env: { TERM: "dumb" } }, false],
  [{ terminal: false, env: { FORCE_COLOR: "1" } }, true],
])("with %j colours are %s", (options, coloured) => {
  expect(outputs(options).output.style("red", "x") !== "x").toBe(coloured);
});
