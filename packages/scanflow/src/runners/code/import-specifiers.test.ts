import { expect, test } from "vitest";
import { importSpecifiers } from "./import-specifiers.ts";

test.each([
  ["a default import", `import a from "./a.ts";`, ["./a.ts"]],
  ["a side effect", `import './a.ts'`, ["./a.ts"]],
  ["names over lines", `import {\n  a,\n  b as c, // from "./no.ts"\n} from "./a.ts"`, ["./a.ts"]],
  ["a default and a namespace", `import d, * as n from "./a.ts"`, ["./a.ts"]],
  [
    "attributes",
    `import d from "./d.json" with { type: "json" }; import e from "./e.ts"`,
    ["./d.json", "./e.ts"],
  ],
  [
    "re-exports",
    `export * from "./a.ts"; export * as b from "./b.ts"; export { c } from "./c.ts"`,
    ["./a.ts", "./b.ts", "./c.ts"],
  ],
  [
    "a dynamic import",
    "const m = await import(`./a.ts`), n = import('./b.ts', { with: {} })",
    ["./a.ts", "./b.ts"],
  ],
  ["a required file", `const a = require("./a.cjs"); x.require("./no.cjs")`, ["./a.cjs"]],
  [
    "a file by URL",
    `new URL("./w.ts", import.meta.url); import.meta.resolve("./r.ts")`,
    ["./w.ts", "./r.ts"],
  ],
  [
    "a type named as a value",
    `import type from "./a.ts"; import { type B } from "./b.ts"`,
    ["./a.ts", "./b.ts"],
  ],
  [
    "a string as a name",
    `import { "x y" as z } from "./a.ts"; export { z as "from" } from "./b.ts"`,
    ["./a.ts", "./b.ts"],
  ],
  ["a name called from", `import { from } from "./a.ts"; import from from "./b.ts"`, ["./a.ts", "./b.ts"]],
  [
    "an import in a template's expression",
    `\`a \${await import('./a.ts')} \${\`b \${import('./b.ts')}\`} c\``,
    ["./a.ts", "./b.ts"],
  ],
  ["an import behind a regular expression", `if (/[/"']/.test(x)) await import("./a.ts")`, ["./a.ts"]],
  ["an import behind a division", `const a = b / c; await import("./a.ts"); d / e`, ["./a.ts"]],
  ["a slash after a group", `const a = (b + c) / 2; const s = "/"; import("./a.ts")`, ["./a.ts"]],
  ["a slash after a condition", `if (a) /"/.test(b); import("./a.ts")`, ["./a.ts"]],
  ["a slash after a block", `{ a } /"/.test(b); import("./a.ts")`, ["./a.ts"]],
  ["a slash after an object", `const a = { b: 1 } / 2; const s = "/"; import("./a.ts")`, ["./a.ts"]],
  ["a slash after a non-null mark", `const a = b! / 2; import("./a.ts"); c / d`, ["./a.ts"]],
  ["a shebang", `#!/usr/bin/env -S node "\nimport "./a.ts"`, ["./a.ts"]],
])("finds %s", (_, source, expected) => {
  expect(importSpecifiers(source)).toEqual(expected);
});

test.each([
  [
    "types",
    `import type { A } from "./a.ts"; export type { B } from "./b.ts"; import type C from "./c.ts"; export type * from "./d.ts"`,
  ],
  ["a comment", `// import "./a.ts"\n/* import "./b.ts" */`],
  ["a string", `const s = 'import "./a.ts"'; const t = "from './b.ts'"`],
  ["a template's text", `const s = \`import './a.ts' \\\` \${1} import './b.ts'\``],
  ["a regular expression", `const r = /import "\\/a.ts"/; const q = [/require("x")/]`],
  ["a computed name", `import(name); import(\`./\${name}.ts\`); require(name)`],
  ["a member called import", `a.import("./a.ts"); a.require("./b.ts")`],
  ["a declaration", `export const a = "./a.ts"; export { a }; const from = "./b.ts"; export default from`],
])("is not taken in by %s", (_, source) => {
  expect(importSpecifiers(source)).toEqual([]);
});
