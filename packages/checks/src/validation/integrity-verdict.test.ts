import { expect, test } from "vitest";
import { integrityVerdict } from "./integrity-verdict.ts";
import type { Fault } from "./schema.ts";

const beyond: Fault = {
  rule: "limits",
  status: "alarm",
  column: "age",
  rows: 1,
  firstRows: [4],
  examples: [999],
  message: "1 of 200 values (0.5 %) lie outside 0 to 120",
  action: "mend these values",
};
const leaked: Fault = {
  ...beyond,
  rule: "overlap",
  column: null,
  rows: 9,
  message: "9 of 200 rows (4.5 %) are in the reference, too",
  action: "take these rows out: they were trained on",
};

function messageOf(...faults: Fault[]): string {
  return integrityVerdict({ name: "july", rows: 200, columns: ["age"], faults }).message;
}

test("one fault is told with what to do", () => {
  expect(messageOf(beyond)).toBe(
    '1 rule is broken in "july": "age": 1 of 200 values (0.5 %) lie outside 0 to 120. Mend these values.',
  );
});

test("of several faults it is told which one the action is for", () => {
  expect(messageOf(beyond, leaked)).toMatch(
    /Begin with the first, rule "overlap": take these rows out: they were trained on\.$/,
  );
  expect(messageOf({ ...beyond, rows: 10 }, leaked)).toMatch(
    /Begin with the first, "age": mend these values\.$/,
  );
});
