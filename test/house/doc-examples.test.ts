import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root, sources } from "./sources.ts";

const folder = join(root, "test/.tmp/doc-examples");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Example {
  readonly place: string;
  readonly code: string;
}

/** Every TypeScript block in the docs and in the doc comments of published sources. */
function examples(): Example[] {
  const pages = ["README.md", "ARCHITECTURE.md", ...globSync("docs/**/*.md", { cwd: root })].map((path) => ({
    path,
    text: readFileSync(join(root, path), "utf8"),
  }));
  const comments = sources("packages/*/src").flatMap(({ path, text }) =>
    [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].map(([comment]) => ({
      path,
      text: comment.replaceAll(/^\s*\/?\*+\/? ?/gm, ""),
    })),
  );
  return [...pages, ...comments].flatMap(({ path, text }) =>
    [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((match, at) => ({
      place: `${path}#${at + 1}`,
      code: match[1] ?? "",
    })),
  );
}

test("every example in the docs and in doc comments type-checks", () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const all = examples();
  expect(all.length).toBeGreaterThan(5);
  for (const [at, { code }] of all.entries())
    writeFileSync(join(folder, `example-${at}.ts`), `${code}\nexport {};\n`);
  const config = {
    extends: "../../../tsconfig.base.json",
    compilerOptions: {
      noEmit: true,
      composite: false,
      declaration: false,
      rewriteRelativeImportExtensions: false,
      allowImportingTsExtensions: true,
    },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  let output = "";
  try {
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder], {
      encoding: "utf8",
    });
  } catch (error) {
    output = String((error as { stdout?: string }).stdout ?? error);
  }
  const named = output.replaceAll(
    /[^\s(]*example-(\d+)\.ts/g,
    (_, at: string) => all[Number(at)]?.place ?? at,
  );
  expect(named).toBe("");
});

test("examples in doc comments stand in ts fences, so that they are checked", () => {
  const loose = sources("packages/*/src").flatMap(({ path, text }) =>
    [...text.matchAll(/@example(?!\s*\n\s*\*\s*```)/g)].map(
      (match) => `${path}: line ${text.slice(0, match.index).split("\n").length}`,
    ),
  );
  expect(loose).toEqual([]);
});
