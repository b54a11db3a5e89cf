import { expect, test } from "vitest";
import { timezoneProblem } from "./timezone.ts";

test("zones of the IANA database are known, links among them", () => {
  for (const name of ["UTC", "Europe/Madrid", "Asia/Calcutta", "US/Eastern", "Etc/GMT+5", "GMT"])
    expect(timezoneProblem(name)).toBeUndefined();
});

test("offsets, other names and another case are refused", () => {
  for (const name of ["+02:00", "UTC+1", "Madrid", "", "Europe/Madrid "])
    expect(timezoneProblem(name)?.message).toContain('such as "Europe/Madrid"');
  expect(timezoneProblem("europe/madrid")?.suggestion).toBe("Europe/Madrid");
});
