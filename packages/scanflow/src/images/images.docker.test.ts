import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { inspectImage, listContainers, removeImage, tagImage } from "../docker/index.ts";
import { buildRecipe } from "./build-recipe.ts";
import { bridgeAddress, recipeWith, testBase, testDaemon } from "./daemon.test.support.ts";
import { givenImage } from "./given-image.ts";
import { built, folderWith } from "./images.test.support.ts";
import { recipeOf } from "./recipe-of.ts";

test("a recipe is built once, however many ask for it at once, and for other applications as well", async () => {
  const { docker, images, another, name: application } = await testDaemon();
  const recipe = recipeWith(application, ["RUN head -c 16 /dev/urandom > /chance"]);
  const askers = [images, images, await another(), await another()];
  const got = await Promise.all(askers.map((one) => one.need(recipe, { application, plan: "f".repeat(64) })));
  expect(got.map(({ how }) => how).sort()).toEqual(["built", "ready", "ready", "ready"]);
  expect(new Set(got.map(({ id }) => id)).size).toBe(1);

  const elsewhere = recipeWith(`${application}-2`, ["RUN head -c 16 /dev/urandom > /chance"], application);
  expect(elsewhere.digest).toBe(recipe.digest);
  expect(await images.need(elsewhere)).toMatchObject({ ref: elsewhere.ref, id: got[0]?.id, how: "ready" });
  expect((await inspectImage(docker, recipe.ref))?.Config.Labels).toMatchObject({
    "org.scanflow.recipe": recipe.digest,
    "org.scanflow.plan": "f".repeat(64),
    "org.scanflow.application": application,
  });
});

test("whatever an application is called, its images can say so", async () => {
  const { docker, images, name } = await testDaemon();
  const recipe = recipeWith(name, ["RUN true"]);
  onTestFinished(() => removeImage(docker, recipe.ref));
  const application = `a "quoted" $HOME \\ 'name' über`;
  await images.need(recipe, { application });
  const labels = (await inspectImage(docker, recipe.ref))?.Config.Labels;
  expect(labels?.["org.scanflow.application"]).toBe(application);
});

test("different recipes are built side by side", async () => {
  const { docker, images, name: application } = await testDaemon();
  const gateway = await bridgeAddress(docker);
  // Each build waits until the other has come as well.
  const here: Socket[] = [];
  const server = createServer((socket) => {
    here.push(socket.on("error", () => undefined));
    if (here.length === 2) for (const one of here) one.end("both\n");
  }).listen(0, gateway);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const recipes = [1, 2].map((at) =>
    recipeWith(application, [`RUN bash -c 'read word < /dev/tcp/${gateway}/${port} && echo ${at} $word'`]),
  );
  const lines: string[] = [];
  const note = (line: string) => lines.push(line);
  const got = await Promise.all(recipes.map((recipe) => images.need(recipe, { application, note })));
  server.close();
  expect(got.map(({ how }) => how)).toEqual(["built", "built"]);
  expect(lines.filter((line) => / both$/.test(line)).sort()).toEqual(["1 both", "2 both"]);
  for (const { ref } of recipes)
    expect(lines).toContain(`building the image ${ref}, once for this environment`);
});

test("a build that fails says with which step and what it wrote, and leaves nothing", async () => {
  const { docker, images, name: application } = await testDaemon();
  const failing = recipeWith(application, ["RUN echo no such package: nmupy >&2; exit 7"]);
  await expect(images.need(failing, { application })).rejects.toMatchObject({
    code: "SCANFLOW_ENVIRONMENT_FAILED",
    message: expect.stringMatching(/returned a non-zero code: 7[\s\S]*\nno such package: nmupy\n/),
  });
  const full = recipeWith(application, ["RUN echo 'cp: error writing: No space left on device'; exit 1"]);
  await expect(images.need(full, { application })).rejects.toMatchObject({ code: "SCANFLOW_DOCKER_FULL" });
  expect(await inspectImage(docker, failing.ref)).toBeUndefined();
});

test("a build that is cancelled ends at once, and whoever waits for it builds instead", async () => {
  const { docker, images, another, name: application } = await testDaemon();
  const recipe = recipeWith(application, ["RUN echo begun && sleep 2"]);
  const controller = new AbortController();
  const waits = new AbortController();
  const second = await another();
  const waiting = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const first = images.need(recipe, {
    application,
    signal: controller.signal,
    note: (line) => line === "begun" && began.resolve(),
  });
  await began.promise;
  const note = () => waiting.resolve();
  const abandoned = second.need(recipe, { application, signal: waits.signal, note });
  await waiting.promise;
  waits.abort(new Error("enough"));
  await expect(abandoned).rejects.toThrow(/enough|aborted/);
  const next = second.need(recipe, { application });
  controller.abort(new Error("stopped"));
  await expect(first).rejects.toThrow("stopped");
  expect(await next).toMatchObject({ how: "built" });
  const left = await listContainers(docker, [`org.scanflow.application=${application}`]);
  expect(left).toEqual([]);
});

test("an image is built again when its base has become another one, and only then", async () => {
  const { docker, images, name: application } = await testDaemon();
  const base = { repository: `scanflow-test/${application}`, tag: "base" };
  const ref = `${base.repository}:${base.tag}`;
  await tagImage(docker, testBase, base);
  const upon = (needs: Parameters<typeof buildRecipe>[0]["needs"], from: string, step: string) =>
    buildRecipe({
      name: application,
      about: "a test",
      files: [],
      shim: null,
      ...(needs && { needs }),
      dockerfile: `FROM ${from}\nRUN echo ${step} > /step\n`,
    });
  const lower = upon([givenImage(ref)], ref, "lower");
  const upper = upon([lower], lower.ref, "upper");
  expect(await images.need(upper, { application })).toMatchObject({ how: "built" });
  expect(await images.need(upper, { application })).toMatchObject({ how: "ready" });
  const other = await images.need(recipeWith(application, ["RUN echo other > /base"]), { application });
  await tagImage(docker, other.id, base);
  expect(await images.need(upper, { application })).toMatchObject({ how: "built" });
  expect(await images.need(upper, { application })).toMatchObject({ how: "ready" });
});

test("an own Dockerfile gets its context as it stands, links included, and its image says for whom it is", async () => {
  const { docker, images, name: application, env } = await testDaemon();
  const root = await folderWith({
    "docker/own.Dockerfile": `FROM ${testBase}\nCOPY . /context\nRUN cd /context && find . | sort && cat link\n`,
    "docker/context/.dockerignore": "*.log\n",
    "docker/context/a.txt": "of a\n",
    "docker/context/a.log": "",
    [`docker/context/${"long-".repeat(30)}.txt`]: "",
  });
  const { symlink, mkdir } = await import("node:fs/promises");
  await symlink("a.txt", join(root, "docker/context/link"));
  await mkdir(join(root, "docker/context/empty"));
  const environment = {
    kind: "dockerfile",
    dockerfile: "docker/own.Dockerfile",
    context: "docker/context",
  } as const;
  const command = { kind: "command", command: "true" } as const;
  const lines: string[] = [];
  const recipe = built(await recipeOf({ task: "fit", command, environment }, { root, application, env }));
  await images.need(recipe, { application, note: (line) => lines.push(line) });
  expect(lines.filter((line) => /^\.|^of a/.test(line))).toEqual([
    ".",
    "./.dockerignore",
    "./.scanflow.Dockerfile",
    "./a.txt",
    "./empty",
    "./link",
    `./${"long-".repeat(30)}.txt`,
    "of a",
  ]);
  expect((await inspectImage(docker, recipe.ref))?.Config.Labels).toEqual({
    "org.scanflow.recipe": recipe.digest,
    "org.scanflow.application": application,
  });

  await writeFile(join(root, "docker/context/a.txt"), "another\n");
  const changed = built(await recipeOf({ task: "fit", command, environment }, { root, application, env }));
  expect(changed.digest).not.toBe(recipe.digest);
  await writeFile(join(root, "docker/context/a.txt"), "changed meanwhile\n");
  await expect(images.need(changed, { application })).rejects.toMatchObject({
    code: "SCANFLOW_IMAGE_CONTEXT",
  });
});

test("what a Dockerfile of one's own leaves to those who build upon its image is left to them", async () => {
  const { docker, images, name: application, env } = await testDaemon();
  const root = await folderWith({ Dockerfile: `FROM ${testBase}\nONBUILD RUN exit 7\n` });
  const environment = { kind: "dockerfile", dockerfile: "Dockerfile", context: "." } as const;
  const command = { kind: "command", command: "true" } as const;
  const recipe = built(await recipeOf({ task: "fit", command, environment }, { root, application, env }));
  await images.need(recipe, { application });
  expect((await inspectImage(docker, recipe.ref))?.Config.Labels).toMatchObject({
    "org.scanflow.application": application,
  });
});

test("a given image is used as it is, and one that is nowhere is told of before anything runs", async () => {
  const { docker, images } = await testDaemon();
  const id = (await inspectImage(docker, testBase))?.Id;
  expect(await images.need(givenImage(testBase))).toMatchObject({ ref: testBase, id, how: "ready" });
  await expect(images.need(givenImage("localhost:1/none:1"))).rejects.toMatchObject({
    code: "SCANFLOW_IMAGE_MISSING",
    message: expect.stringContaining("localhost:1/none:1"),
  });
});
