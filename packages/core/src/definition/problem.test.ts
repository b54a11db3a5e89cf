import { expect, test } from "vitest";
import { definitionError } from "./parse-application.ts";
import { formatPath, formatProblem } from "./problem.ts";

const path = ["workflows", "w", "nodes", "a b", "after", 0];

test("a problem is one line with its place, path, message and what was meant", () => {
  const problem = {
    code: "SCANFLOW_NODE_UNKNOWN" as const,
    message: "there is no node fti",
    suggestion: "fit",
  };
  expect(formatProblem({ ...problem, place: { file: "scanflow.yaml", line: 3, column: 5, path } })).toBe(
    'scanflow.yaml:3:5 workflows.w.nodes["a b"].after[0]: there is no node fti (did you mean "fit"?)',
  );
  expect(formatProblem({ ...problem, place: { path: [] } })).toBe(
    'there is no node fti (did you mean "fit"?)',
  );
  expect(
    formatProblem({ ...problem, message: "no fti: did you mean fit?", place: { file: "a.ts", path: ["x"] } }),
  ).toBe("a.ts x: no fti: did you mean fit?");
});

test("a hostile key is cut in a path", () => {
  expect(formatPath(["a", "\n".repeat(500)]).length).toBeLessThan(200);
});

test("an error lists the problems, and counts those that are too many", () => {
  const problems = Array.from({ length: 150 }, (_, index) => ({
    code: "SCANFLOW_KEY_UNKNOWN" as const,
    message: `number ${index}`,
    place: { path: ["x", index] },
  }));
  const error = definitionError(problems);
  expect(error.code).toBe("SCANFLOW_DEFINITION_INVALID");
  expect(error.place).toEqual({ path: ["x", 0] });
  expect(error.message).toContain("has 150 problems");
  expect(error.message).toContain("x[99]: number 99");
  expect(error.message).not.toContain("number 100\n");
  expect(error.message).toContain("and 50 more");
});
