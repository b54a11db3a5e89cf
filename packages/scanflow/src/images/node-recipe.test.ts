import { expect, test } from "vitest";
import { readBases } from "./bases.ts";
import { built, folderWith, texts } from "./images.test.support.ts";
import { nodeRecipe } from "./node-recipe.ts";

const environment = { kind: "node", package: "package.json", apt: [] } as const;

async function ask(files: Readonly<Record<string, string>>) {
  const root = await folderWith(files);
  return built(await nodeRecipe(environment, { root, name: "a", bases: readBases({}), contextLimit: 1e6 }));
}

test("the packages of a package.json go where code in /app finds them, without those that Scanflow brings", async () => {
  const dependencies = { "left-pad": "^1.3.0", scanflow: "0.1.0", "@scanflow/checks": "0.1.0" };
  const manifest = JSON.stringify({ name: "x", dependencies, devDependencies: { vitest: "5" } });
  const free = await ask({ "package.json": manifest });
  expect(JSON.parse(texts(free)["package.json"] ?? "")).toEqual({
    name: "x",
    dependencies: { "left-pad": "^1.3.0" },
  });
  expect(free.dockerfile).toContain(" && npm install --omit=dev");
  expect(free.dockerfile).toContain("cp -a node_modules/. /node_modules/");

  const lock = {
    name: "x",
    lockfileVersion: 3,
    packages: {
      "": { dependencies, devDependencies: { vitest: "5" } },
      "node_modules/left-pad": { version: "1.3.0" },
      "node_modules/scanflow": { version: "0.1.0" },
      "node_modules/@scanflow/checks": { version: "0.1.0" },
    },
  };
  const locked = await ask({ "package.json": manifest, "package-lock.json": JSON.stringify(lock) });
  expect(locked.dockerfile).toContain(" && npm ci --omit=dev");
  expect(JSON.parse(texts(locked)["package-lock.json"] ?? "").packages).toEqual({
    "": { dependencies: { "left-pad": "^1.3.0" }, devDependencies: { vitest: "5" } },
    "node_modules/left-pad": { version: "1.3.0" },
  });
});

test.each([
  [{}, "SCANFLOW_ENVIRONMENT_MISSING", "cannot be read"],
  [{ "package.json": "{" }, "SCANFLOW_ENVIRONMENT_MISSING", "is no JSON"],
  [
    { "package.json": '{"dependencies":{"a":"file:../a"}}' },
    "SCANFLOW_ENVIRONMENT_UNSUPPORTED",
    'a at "file:../a"',
  ],
  [{ "package.json": '{"workspaces":["a"]}' }, "SCANFLOW_ENVIRONMENT_UNSUPPORTED", "has workspaces"],
  [{ "package.json": "{}", "yarn.lock": "" }, "SCANFLOW_ENVIRONMENT_UNSUPPORTED", "lies yarn.lock"],
])("the files %j are refused with %s", async (files, code, said) => {
  await expect(ask(files)).rejects.toMatchObject({ code, message: expect.stringContaining(said) });
});
