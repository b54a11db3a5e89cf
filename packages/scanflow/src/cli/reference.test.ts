import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "./commands.ts";

const page = readFileSync(new URL("../../../../docs/reference/cli.md", import.meta.url), "utf8");

test.each(commands)("the reference says what $name takes", ({ name, arguments: args, options = [] }) => {
  const heading = `### \`${name}${args === undefined ? "" : ` ${args}`}\`\n`;
  expect(page).toContain(heading);
  const start = page.indexOf(heading) + heading.length;
  const [section = ""] = page.slice(start).split("\n### ");
  const documented = [...section.matchAll(/^- `(.*?)`/gm)].map(([, flags]) => flags);
  expect(documented).toEqual(options.map(({ flags }) => flags));
});
