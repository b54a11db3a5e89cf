import { expect, test } from "vitest";
import fixture from "./fixtures/special-functions.json" with { type: "json" };
import { studentQuantile, studentTail } from "./student.ts";

test("t is SciPy's for a confidence, and its tail the rest", () => {
  for (const { confidence, degreesOfFreedom, t } of fixture.student) {
    const found = studentQuantile(confidence, degreesOfFreedom);
    expect(found / t, `${confidence}, ${degreesOfFreedom}`).toBeCloseTo(1, 11);
    expect(studentTail(-t, degreesOfFreedom)).toBeCloseTo(1 - confidence, 11);
  }
});
