import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renewed } from "./reference-blocks.ts";
import { root } from "./sources.ts";

const pages = globSync("docs/reference/*.md", { cwd: root }).sort();

test.each(pages)("%s says what the code says: else run `npm run docs`", async (path) => {
  const page = readFileSync(join(root, path), "utf8");
  expect(await renewed(page)).toBe(page);
});
