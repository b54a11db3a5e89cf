import { expect, test } from "vitest";
import { checkDrift } from "../drift/check-drift.ts";
import { profileColumns } from "../profile/profile-columns.ts";
import { parseVerdict } from "./parse-verdict.ts";

test("what a check answers survives JSON unchanged", () => {
  const x = Float64Array.from({ length: 100 }, (_, row) => row);
  const verdict = checkDrift(profileColumns({ x }, { seed: 1 }), { x: x.map((value) => value + 50) });
  expect(verdict.status).toBe("alarm");
  expect(parseVerdict(JSON.stringify(verdict))).toEqual(verdict);
});

test("a checker in another language may leave out columns and evidence", () => {
  expect(parseVerdict('{"status": "warning", "kind": "smell", "message": "Odd.", "extra": 1}')).toEqual({
    status: "warning",
    kind: "smell",
    message: "Odd.",
    columns: [],
    evidence: {},
  });
});

test("pictures are kept", () => {
  const figures = [{ kind: "table", title: "Odd rows", columns: ["row"], rows: [[3]] }];
  const verdict = { status: "alarm", kind: "odd", message: "One row.", columns: [], evidence: {}, figures };
  expect(parseVerdict(JSON.stringify(verdict))).toEqual(verdict);
});

test.each([
  [
    "a picture of no known kind",
    { status: "ok", kind: "drift", message: "m", figures: [{ kind: "pie", title: "t" }] },
    /"figures\[0\].kind" is "pie", not one of bars/,
  ],
  [
    "a picture without a title",
    { status: "ok", kind: "drift", message: "m", figures: [{ kind: "bars" }] },
    /"figures\[0\].title" is missing/,
  ],
  ["no JSON", "alarm", /is not JSON/],
  ["no object", "3", /is 3, not an object/],
  ["an unknown status", { status: "fine", kind: "drift", message: "m" }, /"status" is "fine", not one of ok/],
  ["no status", { kind: "drift", message: "m" }, /"status" is missing/],
  ["no kind", { status: "ok", message: "m" }, /"kind" is missing/],
  ["an empty message", { status: "ok", kind: "drift", message: "" }, /"message" is ""/],
  [
    "columns that are no names",
    { status: "ok", kind: "drift", message: "m", columns: [1] },
    /"columns\[0\]" is 1/,
  ],
  [
    "evidence that is no object",
    { status: "ok", kind: "drift", message: "m", evidence: { x: 0.5 } },
    /"evidence.x" is 0.5/,
  ],
])("%s is refused, with its place", (_, document, message) => {
  expect(() => parseVerdict(document)).toThrow(message);
  expect(() => parseVerdict(document)).toThrow(expect.objectContaining({ code: "SCANFLOW_VERDICT_INVALID" }));
});
