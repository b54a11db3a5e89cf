import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renewed } from "./reference-blocks.ts";
import { root } from "./sources.ts";

// Run by `npm run docs`: makes the generated blocks of the reference anew.
for (const path of globSync("docs/reference/*.md", { cwd: root })) {
  const file = join(root, path);
  const page = readFileSync(file, "utf8");
  const made = await renewed(page);
  if (made !== page) writeFileSync(file, made);
}
