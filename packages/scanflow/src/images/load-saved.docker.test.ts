import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { type Docker, inspectImage, removeImage, tagImage } from "../docker/index.ts";
import { recipeWith, testBase, testDaemon, tinyRecipe } from "./daemon.test.support.ts";
import { givenImage } from "./given-image.ts";
import { folderWith } from "./images.test.support.ts";
import { loadSaved } from "./load-saved.ts";
import { saveRecipes } from "./save-recipes.ts";

const run = promisify(execFile);

function removeLater(docker: Docker, ref: string): void {
  onTestFinished(() => removeImage(docker, ref));
}

test("images move as one archive, in which what they share stands once, and get their names back", async () => {
  const { docker, images, name: application } = await testDaemon();
  const recipes = [1, 2].map((at) => recipeWith(application, [`RUN echo ${at} > /at`]));
  const given = givenImage(`scanflow-test/${application}:given`);
  const own = await images.need(tinyRecipe(application), { application });
  await tagImage(docker, own.id, { repository: `scanflow-test/${application}`, tag: "given" });
  removeLater(docker, given.ref);
  const before = await Promise.all(recipes.map((recipe) => images.need(recipe, { application })));

  const file = join(await folderWith({}), "images.tar");
  const list = await saveRecipes(docker, [...recipes, given, given], { file });
  expect(list.map(({ ref }) => ref)).toEqual([...recipes.map(({ ref }) => ref), given.ref].sort());
  const base = (await inspectImage(docker, testBase))?.Size ?? 0;
  expect((await stat(file)).size).toBeLessThan(1.3 * base);
  expect(list.map(({ saved }) => saved).filter((saved) => !saved.startsWith("scanflow/"))).toEqual([]);
  const temporary = list.find(({ ref }) => ref === given.ref)?.saved ?? "";
  expect(await inspectImage(docker, temporary)).toBeUndefined();

  for (const ref of [...recipes.map((recipe) => recipe.ref), given.ref]) await removeImage(docker, ref);
  expect((await loadSaved(docker, list, { file })).sort()).toEqual(list.map(({ ref }) => ref));
  const after = await Promise.all(recipes.map((recipe) => images.need(recipe)));
  expect(after).toEqual(before.map((image) => ({ ...image, how: "ready" })));
  expect((await inspectImage(docker, given.ref))?.Id).toBe(own.id);
  expect(await inspectImage(docker, temporary)).toBeUndefined();
  expect(await loadSaved(docker, list, { file })).toEqual([]);
});

test("what is there keeps its name, and an archive gives no name but those that it says", async () => {
  const { docker, images, env, name: application } = await testDaemon();
  const [first, second] = [tinyRecipe(application, "first"), tinyRecipe(application, "second")] as const;
  const ids = await Promise.all(
    [first, second].map(async (recipe) => (await images.need(recipe, { application })).id),
  );
  const file = join(await folderWith({}), "images.tar");
  const list = await saveRecipes(docker, [first, second], { file });
  for (const { ref } of [first, second]) await removeImage(docker, ref);
  const other = await images.need(tinyRecipe(application, "another"), { application });
  const [repository = "", tag = ""] = first.ref.split(":");
  await tagImage(docker, other.id, { repository, tag });
  expect(await loadSaved(docker, list, { file })).toEqual([second.ref]);
  expect((await inspectImage(docker, first.ref))?.Id).toBe(other.id);
  expect((await inspectImage(docker, second.ref))?.Id).toBe(ids[1]);

  const stranger = `scanflow-test/${application}:1`;
  await run("docker", ["tag", second.ref, stranger], { env });
  const wrong = join(await folderWith({}), "wrong.tar");
  await run("docker", ["save", "--output", wrong, second.ref, stranger], { env });
  for (const ref of [second.ref, stranger]) await removeImage(docker, ref);
  const taken = loadSaved(docker, [{ ref: second.ref, saved: second.ref }], { file: wrong });
  await expect(taken).rejects.toMatchObject({
    code: "SCANFLOW_PACK_UNSAFE",
    message: expect.stringContaining(stranger),
  });
  expect(await inspectImage(docker, stranger)).toBeUndefined();
  const nothing = join(await folderWith({ "no.tar": "no archive at all" }), "no.tar");
  await expect(loadSaved(docker, list, { file: nothing })).rejects.toMatchObject({
    code: "SCANFLOW_PACK_DAMAGED",
  });
});
