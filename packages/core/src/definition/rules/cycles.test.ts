import { expect, test } from "vitest";
import { problemsIn, problemsOf, withNodes } from "../testing/problems-of.ts";

const run = "true";

function circles(nodes: object): readonly (string | undefined)[] {
  return problemsIn(withNodes(nodes))
    .filter(({ code }) => code === "SCANFLOW_CYCLE")
    .map(({ message }) => /: ([^;]*);/.exec(message)?.[1] ?? message.split(":")[0]);
}

test("a circle is shown from its first node on, in the order of the work", () => {
  const nodes = {
    get: { run, outputs: ["x"] },
    fit: { run, inputs: { a: "get.x", b: "tune.x" }, outputs: ["x"] },
    check: { run, inputs: { a: "fit.x" } },
    tune: { run, after: ["check"], outputs: ["x"] },
    report: { run, inputs: { a: "tune.x" } },
  };
  expect(circles(nodes)).toEqual(["fit → check → tune → fit"]);
  expect(problemsOf(withNodes(nodes))).toEqual([["SCANFLOW_CYCLE", "workflows.w.nodes.fit", undefined]]);
});

test.each([
  ["an input", { a: { run, inputs: { x: "b.x" }, outputs: ["x"] } }],
  ["a join", { a: { run, inputs: { x: { first: ["b.x"] } }, outputs: ["x"] } }],
  ["an edge of order", { a: { run, after: ["b"], outputs: ["x"] } }],
  ["a condition", { a: { run, when: "nodes.b.status == 'failed'", outputs: ["x"] } }],
  ["a parameter", { a: { run, params: { p: { expression: "nodes.b.result.p" } }, outputs: ["x"] } }],
  ["a map", { a: { run, map: { over: { expression: "nodes.b.result.p" } }, outputs: ["x"] } }],
])("%s makes a node wait", (_, nodes) => {
  expect(circles({ ...nodes, b: { run, inputs: { x: "a.x" }, outputs: ["x"] } })).toEqual(["a → b → a"]);
});

test("what a choice runs waits for it, and for what runs before it in the branch", () => {
  expect(
    circles({ pick: { choice: "if nodes.a.result.x > 1 run a, else b" }, a: { run }, b: { run } }),
  ).toEqual(["pick → a → pick"]);
  expect(
    circles({
      pick: { choice: "if true run a then b, else c" },
      a: { run, after: ["b"] },
      b: { run },
      c: { run },
    }),
  ).toEqual(["a → b → a"]);
});

test("who takes an output of a choice waits for the targets that the choice names for it", () => {
  const outputs = ["x"];
  const pick = {
    choice: [
      { when: "true", run: ["a", "b"], outputs: { x: "a.x", y: "b.x" } },
      { run: "c", outputs: { x: "c.x", y: "c.x" } },
    ],
  };
  const targets = { a: { run, outputs }, b: { run, outputs }, c: { run, outputs } };
  const use = { run, inputs: { x: "pick.x" }, outputs };
  expect(circles({ pick, ...targets, use })).toEqual([]);
  expect(circles({ pick, ...targets, b: use })).toEqual([]);
  expect(circles({ pick, ...targets, a: use })).toEqual(["a waits for itself"]);
  expect(circles({ pick, ...targets, c: use })).toEqual(["c waits for itself"]);
  const late = { choice: [{ when: "true", run: "a", outputs: { x: "use.x" } }, { outputs: { x: "use.x" } }] };
  expect(circles({ pick: late, a: targets.a, use: { run, inputs: { x: "a.x" }, outputs } })).toEqual([
    "pick → a → use → pick",
  ]);
});

test("choices among the targets are followed", () => {
  const outer = { choice: [{ run: "inner", outputs: { x: "inner.x" } }] };
  const inner = { choice: [{ run: "a", outputs: { x: "a.x" } }] };
  const a = { run, inputs: { x: "outer.x" }, outputs: ["x"] };
  expect(circles({ outer, inner, a: { run, outputs: ["x"] }, use: a })).toEqual([]);
  expect(circles({ outer, inner, a })).toEqual(["a waits for itself"]);
});

test("who comes after a choice waits for what it runs, unless the choice runs it", () => {
  const pick = { choice: "if true run a then b, else c" };
  const nodes = { pick, a: { run }, b: { run, after: ["pick"] }, c: { run } };
  expect(circles({ ...nodes, next: { run, after: ["pick"] } })).toEqual([]);
  expect(circles({ ...nodes, a: { run, after: ["next"] }, next: { run, after: ["pick"] } })).toEqual([
    "a → b → next → a",
  ]);
  const outer = { choice: [{ run: ["pick", "d"] }] };
  const within = { ...nodes, outer, b: { run, after: ["outer"] }, d: { run } };
  expect(circles(within)).toEqual([]);
  expect(circles({ ...within, c: { run, after: ["d"] } })).toEqual(["c → d → c"]);
});

test("a circle through what a choice runs says so", () => {
  const [problem] = problemsIn(
    withNodes({
      pick: { choice: "if true run a, else b" },
      next: { run, after: ["pick"], outputs: ["x"] },
      a: { run, inputs: { x: "next.x" } },
      b: { run },
    }),
  );
  expect(problem?.message).toContain("next comes after pick, and so after a, which pick runs");
});

test("a node that waits for itself, and several circles", () => {
  const nodes = {
    a: { run, after: ["a"] },
    b: { run, after: ["c"] },
    c: { run, after: ["b"] },
    d: { run, after: ["a", "b"] },
  };
  expect(circles(nodes)).toEqual(["a waits for itself", "b → c → b"]);
});

test("a long chain is no circle, and a long circle is cut in the message", () => {
  const chain = Object.fromEntries(
    Array.from({ length: 3000 }, (_, index) => [
      `n${index}`,
      { run, after: index === 0 ? [] : [`n${index - 1}`] },
    ]),
  );
  expect(problemsOf(withNodes(chain))).toEqual([]);
  const [circle] = circles({ ...chain, n0: { run, after: ["n2999"] } });
  expect(circle).toMatch(/^n0 → n1 → .* → … → .* → n2999 → n0$/);
});
