import { planWorkflow, requireApplication, type TaskStatus } from "@scanflow/core";
import { expect, test } from "vitest";
import { taskEnds } from "./task-ends.ts";

const nodes = {
  a: { run: "true" },
  each: { run: "true", map: { over: ["x", "y"] }, after: ["a"] },
  last: { run: "true", after: ["each"] },
};
const plan = planWorkflow(requireApplication({ application: "app", workflows: { w: { nodes } } }));

function standing(statuses: Readonly<Record<string, TaskStatus>>) {
  const ids = plan.tasks.map(({ id }) => id);
  const tasks = Object.entries(statuses).map(([id, status]) => {
    return { id, status, template: ids.indexOf(id.replace(/\[\d+\]/, "[*]")) };
  });
  return { run: "r", plan, tasks };
}

test("a task has ended with its last instance, and one in a map not before the map is opened", () => {
  const map = plan.tasks.find(({ kind }) => kind === "map")?.id ?? "";
  const [inner] = plan.tasks.filter(({ maps }) => maps.length > 0);
  const name = inner?.id.replace("[*]", "") ?? "";
  expect(taskEnds(standing({ a: "succeeded", [map]: "pending", last: "pending" }))).toEqual([
    { task: "a", status: "succeeded" },
  ]);
  const opened = { a: "succeeded", [map]: "succeeded", last: "pending" } as const;
  const one = { [`${name}[0]`]: "succeeded", [`${name}[1]`]: "running" } as const;
  expect(taskEnds(standing({ ...opened, ...one })).map(({ task }) => task)).toEqual(["a"]);
  expect(taskEnds(standing({ ...opened, ...one, [`${name}[1]`]: "failed" }))).toContainEqual({
    task: inner?.id,
    status: "failed",
  });
  expect(taskEnds(standing({ a: "skipped", [map]: "skipped", last: "skipped" }))).toHaveLength(3);
});
