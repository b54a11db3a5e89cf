import { expect, test } from "vitest";
import { sources } from "./sources.ts";

const MOST_LINES = 300;

test("a file of over 300 lines says why", () => {
  const long = ["packages", "examples", "bench", "test"]
    .flatMap((folder) => sources(folder))
    .filter(({ text }) => text.split("\n").length > MOST_LINES + 1 && !text.includes("// Over 300 lines: "))
    .map(({ path, text }) => `${path} (${text.split("\n").length})`);
  expect(long).toEqual([]);
});

test("no file is called by a name that tells nothing", () => {
  const vague = sources("packages")
    .map(({ path }) => path)
    .filter((path) => /(^|\/)(utils?|helpers?|misc|common|legacy|future)(\/|\.tsx?$)/.test(path));
  expect(vague).toEqual([]);
});

test("an index is a table of contents: exports from elsewhere, no logic", () => {
  const wrong = sources("packages").flatMap(({ path, text }) => {
    if (!path.endsWith("/index.ts")) return [];
    const code = text
      .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
      .replaceAll(/export\s+(type\s+)?(\*|\{[^}]*\})(\s+as\s+\w+)?\s+from\s+"[^"]+";/g, "");
    return code.trim() === "" ? [] : [`${path}: ${code.trim().slice(0, 80)}`];
  });
  expect(wrong).toEqual([]);
});
