import { expect, test } from "vitest";
import { type SourceFile, sources, target } from "./sources.ts";

/** The names that an index gives, each with the file it is from. */
function exported(index: SourceFile): { readonly name: string; readonly path: string }[] {
  return [...index.text.matchAll(/export (?:type )?\{([^}]*)\} from "([^"]+)"/g)].flatMap(
    ([, names = "", from = ""]) =>
      names
        .split(",")
        .map((name) =>
          name
            .trim()
            .replace(/^type /, "")
            .replace(/ as .*$/, ""),
        )
        .filter((name) => name !== "")
        .map((name) => ({ name, path: target(index, from) })),
  );
}

test("what users of @scanflow/checks import has a doc comment", () => {
  const files = sources("packages/checks/src");
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const names = files.filter(({ path }) => path.endsWith("/index.ts")).flatMap(exported);
  expect(names.length).toBeGreaterThan(300);
  const bare = names.filter(({ name, path }) => {
    const declared = new RegExp(
      `\\*/\\nexport (async )?(function\\*?|const|interface|type|class) ${name}\\b`,
    );
    const again = new RegExp(`export (type )?\\{[^}]*\\b${name}\\b[^}]*\\} from`);
    const text = texts.get(path) ?? "";
    return !declared.test(text) && !again.test(text);
  });
  expect(bare.map(({ name, path }) => `${name} in ${path}`)).toEqual([]);
});
