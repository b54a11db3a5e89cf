import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const folder = import.meta.dirname;

test("the shim needs nothing but Node and its own files, so that it runs in any image; only steps load more", () => {
  const loaded = globSync("**/*.ts", { cwd: folder })
    .filter((path) => !path.includes(".test."))
    .flatMap((path) => {
      const text = readFileSync(join(folder, path), "utf8").replaceAll(/^import type [^;]*;/gm, "");
      const specifiers = text.matchAll(/(?:\bfrom\s*|\bimport\(\s*|^import\s*)"([^"]+)"/gm);
      return Array.from(specifiers, ([, specifier = ""]) => [path, specifier] as const);
    });
  const foreign = loaded.filter(([path, specifier]) => {
    if (!specifier.startsWith(".")) return !specifier.startsWith("node:");
    return relative(folder, join(folder, path, "..", specifier)).startsWith("..");
  });
  expect(loaded.length).toBeGreaterThan(40);
  expect(foreign).toEqual([["main.ts", "../runners/function/step-process.ts"]]);
});
