import { expect, test } from "vitest";
import type { Lineage, LineageEdge, LineageNode } from "../../api/index.ts";
import { Output } from "../output.ts";
import { lineageDetails } from "./lineage-details.ts";
import { lineageTree } from "./lineage-tree.ts";
import { LineageView } from "./lineage-view.ts";

const D = `sha256:${"a".repeat(64)}`;

const artifact = (id: string, path: string): LineageNode => ({
  ...{ id, kind: "artifact", name: path, path, digest: D, format: "file", size: 3 },
});

function attempt(task: string, more: Partial<Extract<LineageNode, { kind: "attempt" }>> = {}): LineageNode {
  return {
    ...{ id: `r1/${task}#1`, kind: "attempt", run: "r1", application: "app", workflow: "w", task, box: "" },
    ...{ attempt: 1, status: "succeeded", recorded: true, user: "ann", started: 0, ended: 1500 },
    ...{
      command: `run ${task}`,
      code: { "a.py": D },
      params: { rate: 0.5 },
      key: null,
      plan: D,
      trackerRun: "t",
    },
    environment: { summary: "python3, requirements.txt", definition: "x", digest: D, image: null },
    ...more,
  };
}

const edge = (kind: LineageEdge["kind"], from: string, to: string, more: Partial<LineageEdge> = {}) => ({
  ...{ from, to, kind, name: "", cachedIn: null },
  ...more,
});

function tree(lineage: Omit<Lineage, "subjects">, options = {}): string[] {
  const [first] = lineage.nodes;
  return lineageTree(new LineageView({ subjects: [first?.id ?? ""], ...lineage }), options);
}

const FILE: LineageNode = { id: "file", kind: "file", path: "data.csv", digest: D, size: 2048, data: [] };

test("a task's inputs are told once, and named as told where they come again", () => {
  const lines = tree({
    nodes: [attempt("fit"), artifact("x", "x.csv"), artifact("y", "y.csv"), attempt("split"), FILE],
    edges: [
      edge("used", "x", "r1/fit#1", { name: "x" }),
      edge("used", "y", "r1/fit#1", { name: "other" }),
      edge("generated", "r1/split#1", "x"),
      edge("generated", "r1/split#1", "y"),
      edge("used", "file", "r1/split#1", { name: "raw" }),
    ],
  });
  expect(lines).toEqual([
    "fit",
    "├─ x      x.csv  sha256:aaaaaaaaaaaa  ← split",
    "│  └─ raw  data.csv  sha256:aaaaaaaaaaaa  your file, 2.0 KiB",
    "└─ other  y.csv  sha256:aaaaaaaaaaaa  ← split, above",
  ]);
});

test("another run, the cache and a choice are named on the line they speak of", () => {
  const lines = tree({
    nodes: [
      attempt("fit"),
      artifact("x", "x.csv"),
      attempt("split", { run: "r0" }),
      {
        id: "pick",
        kind: "decision",
        run: "r1",
        task: "pick",
        what: "choice",
        reason: "",
        by: null,
        time: 0,
      },
    ],
    edges: [
      edge("used", "x", "r1/fit#1", { name: "x", cachedIn: "r1" }),
      edge("generated", "r1/split#1", "x"),
      edge("decided", "pick", "r1/fit#1", { name: "x" }),
    ],
  });
  expect(lines[1]).toBe(
    "└─ x  x.csv  sha256:aaaaaaaaaaaa  ← split of run r0, from the cache, chosen by pick",
  );
});

test("of many items some are told, or all", () => {
  const items = [0, 1, 2, 3, 4, 5];
  const lineage = {
    nodes: [
      attempt("gather"),
      artifact("all", "models"),
      ...items
        .flatMap((item) => [artifact(`m${item}`, "m.txt"), attempt(`fit[${item}]`, { item })])
        .reverse(),
    ],
    edges: [
      edge("used", "all", "r1/gather#1", { name: "models" }),
      ...items.flatMap((item) => [
        edge("derived", `m${item}`, "all", { name: String(item) }),
        edge("generated", `r1/fit[${item}]#1`, `m${item}`),
      ]),
    ],
  };
  expect(tree(lineage).slice(1)).toEqual([
    "└─ models  models  sha256:aaaaaaaaaaaa  ← 6 items",
    ...[0, 1, 2, 3].map((item) => `   ├─ ${item}  m.txt  sha256:aaaaaaaaaaaa  ← fit[${item}] (${item})`),
    "   └─ … and 2 more",
  ]);
  expect(tree(lineage, { all: true })).toHaveLength(8);
  const output = new Output({ json: false, color: false });
  const told = (all: boolean) =>
    lineageDetails(new LineageView({ subjects: [], ...lineage }), output, { all }).filter((line) =>
      line.startsWith("fit["),
    );
  expect(told(false)).toEqual(["fit[0] (0)", "fit[1] (1)"]);
  expect(told(true)).toHaveLength(6);
});

test("each task is told with what decided it, and the beginning with whole digests", () => {
  const output = new Output({ json: false, color: false });
  const nodes = [attempt("fit", { box: "train", attempt: 2 }), FILE];
  const text = lineageDetails(new LineageView({ subjects: [], nodes, edges: [] }), output).join("\n");
  expect(text).toContain("run          r1, attempt 2: w of app, in train");
  expect(text).toMatch(/when {9}\S+ \S+, 1\.5 s, by ann/);
  expect(text).toContain("command      run fit");
  expect(text).toContain("code         a.py  sha256:aaaaaaaaaaaa");
  expect(text).toContain("environment  python3, requirements.txt  sha256:aaaaaaaaaaaa");
  expect(text).toContain("params       rate=0.5");
  expect(text).toContain(`data.csv  ${D}  2.0 KiB`);
});
