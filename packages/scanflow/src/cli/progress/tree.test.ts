import type { TaskStatus } from "@scanflow/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { branchesOf, type Leaf, rowsOf } from "./tree.ts";
import type { ViewTask } from "./view-task.ts";

function task(id: string, status: TaskStatus = "succeeded"): ViewTask {
  const rest = { cached: false, attempts: 1, startedAt: 0, endedAt: 1, retryAt: null, detail: "", lines: [] };
  return { id, kind: "executor", status, ...rest };
}

function names(rows: readonly Leaf[]): string[] {
  return rows.map(
    ({ depth, branch, folded }) => `${" ".repeat(depth)}${branch.name}${folded.length > 0 ? " …" : ""}`,
  );
}

test("slashes and indices are levels of the tree", () => {
  const ids = ["split", "train", "train/softmax", "train/fit", "train/fit[0]", "train/fit[1]/eval"];
  const { rows } = rowsOf(branchesOf(ids.map((id) => task(id))), 20);
  expect(names(rows)).toEqual(["split", "train", " softmax", " fit", "  [0]", "  [1]", "   eval"]);
});

test("what is over is folded before what goes on", () => {
  const tasks = [
    ...["a", "b", "c"].map((name) => task(`done/${name}`)),
    ...["a", "b", "c"].map((name) => task(`on/${name}`, name === "b" ? "running" : "pending")),
  ];
  expect(names(rowsOf(branchesOf(tasks), 6).rows)).toEqual(["done …", "on", " a", " b", " c"]);
});

test("no more rows than asked are shown, no task is lost, and what runs is shown first", () => {
  const status = fc.constantFrom<TaskStatus>("pending", "running", "succeeded", "failed", "skipped");
  const id = fc.constantFrom("a", "b/c", "b/d", "e[0]", "e[1]/f", "e[2]/f", "g/h/i", "g/h/j", "k", "l", "m");
  const tasks = fc.uniqueArray(fc.record({ id, status }), { selector: (one) => one.id, minLength: 1 });
  fc.assert(
    fc.property(tasks, fc.integer({ min: 2, max: 12 }), (given, most) => {
      const all = given.map((one) => task(one.id, one.status));
      const { rows, left } = rowsOf(branchesOf(all), most);
      expect(rows.length + (left.length > 0 ? 1 : 0)).toBeLessThanOrEqual(most);
      const shown = rows.flatMap(({ branch, folded }) => [...folded, ...(branch.task ? [branch.task] : [])]);
      expect(new Set([...shown, ...left])).toEqual(new Set(all));
      const running = all.filter((one) => one.status === "running").length;
      const seen = rows.filter(({ branch }) => branch.task?.status === "running").length;
      expect(seen).toBeGreaterThanOrEqual(Math.min(running, most - 1));
    }),
  );
});
