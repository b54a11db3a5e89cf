import { posix } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { containedPath } from "./path.ts";

test.each([
  ["", ""],
  ["a//b/", "a/b"],
  ["100%.txt", "100%.txt"],
  ["a b/é+~.txt", "a b/é+~.txt"],
  ["...", "..."],
])("the path %j is kept as %j", (path, kept) => {
  expect(containedPath(path)).toBe(kept);
});

test("whatever is accepted stays inside, however often it is decoded", () => {
  const piece = fc.constantFrom(
    "..",
    ".",
    "/",
    "\\",
    "%",
    "2e",
    "2f",
    "25",
    "5c",
    "a",
    "#",
    ":",
    "\0",
    "C",
    "é",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      let path: string;
      try {
        path = containedPath(pieces.join(""));
      } catch (error) {
        expect(error).toMatchObject({ code: "SCANFLOW_TRACKING_INVALID", message: "Invalid path" });
        return;
      }
      for (let times = 0; times < 8; times++) {
        const resolved = posix.resolve("/root", path);
        expect(resolved === "/root" || resolved.startsWith("/root/")).toBe(true);
        expect(path).not.toMatch(/[\\#\0]/);
        try {
          path = decodeURIComponent(path);
        } catch {
          return;
        }
      }
    }),
    { numRuns: 2000 },
  );
});
