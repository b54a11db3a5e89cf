import { expect, test } from "vitest";
import { accessExpression, referenceExpression } from "./ast.ts";
import { constantExpression } from "./constant.ts";
import { evaluate } from "./evaluate.ts";
import { formatExpression } from "./format.ts";
import { EXPRESSION_LIMITS } from "./limits.ts";
import { parseExpression } from "./parse.ts";
import { spanOf } from "./spans.ts";
import { mapReferences, references } from "./walk.ts";

test("lists every referenced path once, in reading order", () => {
  const text =
    "max(nodes.b.metrics.f1, item) if exists(nodes.a.result.x) else {k: [params.p[params.i], -nodes.b.metrics.f1]}.k";
  expect(references(parseExpression(text))).toEqual([
    ["nodes", "b", "metrics", "f1"],
    ["item"],
    ["nodes", "a", "result", "x"],
    ["params", "p"],
    ["params", "i"],
  ]);
});

test("resolves nodes into tasks", () => {
  const expression = parseExpression("not (nodes.fit.result.ok and nodes.fit.status == 'succeeded')");
  const resolved = mapReferences(expression, ({ path: [, node = "", ...rest] }) =>
    referenceExpression(["tasks", `train/${node}`, ...rest]),
  );
  expect(formatExpression(resolved)).toBe(
    'not (tasks["train/fit"].result.ok and tasks["train/fit"].status == "succeeded")',
  );
});

test("puts bound values in the place of params, whatever they are", () => {
  const expression = parseExpression("params.config.lr * params.scale + params.list[params.config.at]");
  const bound: Record<string, ReturnType<typeof parseExpression>> = {
    config: constantExpression({ lr: 0.5, at: 1 }),
    scale: parseExpression("params.outer + 1"),
    list: constantExpression([10, 20]),
  };
  const substituted = mapReferences(expression, ({ path: [, name = "", ...keys] }) =>
    accessExpression(bound[name] ?? constantExpression(null), keys),
  );
  expect(references(substituted)).toEqual([["params", "outer"]]);
  const scope = {
    params: { outer: 3 },
    task: () => undefined,
    item: () => undefined,
    device: { kind: "laptop", cpus: 1, memory: 1, gpus: 0, platform: "linux", arch: "x64" },
  };
  expect(evaluate(substituted, scope)).toBe(0.5 * 4 + 20);
});

test("makes an index that became constant a part of the path", () => {
  const mapped = mapReferences(parseExpression("nodes.a.result[params.key]"), (reference) =>
    reference.path[0] === "params" ? constantExpression("x") : reference,
  );
  expect(mapped).toEqual(referenceExpression(["nodes", "a", "result", "x"]));
});

test("keeps the places of what was not replaced", () => {
  const mapped = mapReferences(parseExpression(" 1 + params.a"), () => constantExpression(2));
  expect(spanOf(mapped)).toEqual({ start: 1, end: 13 });
});

test("refuses a result that is too deep to be evaluated", () => {
  const half = parseExpression(Array.from({ length: 60 }, () => "params.a").join(" + "));
  expect(() => mapReferences(half, () => half)).toThrow(
    expect.objectContaining({ code: "SCANFLOW_EXPRESSION_LIMIT" }),
  );
});

test("refuses a constant that is nested too deeply, or has too many parts", () => {
  const deep = JSON.parse("[".repeat(20_000) + "]".repeat(20_000));
  const limit = expect.objectContaining({ code: "SCANFLOW_EXPRESSION_LIMIT" });
  expect(() => constantExpression(deep)).toThrow(limit);
  const wide = constantExpression(Array.from({ length: EXPRESSION_LIMITS.parts }, () => 1));
  expect(() => references(wide)).toThrow(limit);
});
