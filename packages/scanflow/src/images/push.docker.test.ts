import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { inspectImage, listContainers, removeImage } from "../docker/index.ts";
import { testDaemon, tinyRecipe } from "./daemon.test.support.ts";
import { givenImage } from "./given-image.ts";
import { folderWith } from "./images.test.support.ts";
import { needLocalRegistry, removeLocalRegistry } from "./local-registry.ts";
import { recipeOf } from "./recipe-of.ts";
import { freePort, privateRegistry } from "./registry.test.support.ts";

test("an image goes to a registry that needs a login, and is named there by its digest", async () => {
  const { place, user, password } = await privateRegistry();
  const logins = await folderWith({ "config.json": "{}" });
  const { docker, images, name: application } = await testDaemon({ DOCKER_CONFIG: logins });
  const recipe = tinyRecipe(application);
  const registry = `${place}/team`;
  const lines: string[] = [];
  const options = { application, registry, note: (line: string) => lines.push(line) };

  await expect(images.push(recipe, options)).rejects.toMatchObject({ code: "SCANFLOW_DOCKER_DENIED" });
  const auth = Buffer.from(`${user}:${password}`).toString("base64");
  await writeFile(join(logins, "config.json"), JSON.stringify({ auths: { [place]: { auth } } }));
  const pinned = await images.push(recipe, options);
  const [repository] = `${registry}/${recipe.ref}`.split(/:(?=[^/]*$)/);
  expect(pinned).toMatch(/@sha256:[0-9a-f]{64}$/);
  expect(pinned.startsWith(`${repository}@`)).toBe(true);
  expect(await images.push(recipe, options)).toBe(pinned);

  for (const ref of [recipe.ref, `${registry}/${recipe.ref}`]) await removeImage(docker, ref);
  const root = await folderWith({ Dockerfile: `FROM ${registry}/${recipe.ref}\nCOPY Dockerfile /more\n` });
  const environment = { kind: "dockerfile", dockerfile: "Dockerfile", context: "." } as const;
  const task = { task: "fit", command: { kind: "command", command: "true" }, environment } as const;
  expect(await images.need(await recipeOf(task, { root, application }), { application })).toMatchObject({
    how: "built",
  });
  await removeImage(docker, `${registry}/${recipe.ref}`);
  const fetched = await images.need(givenImage(pinned));
  expect(fetched).toMatchObject({ ref: pinned, how: "pulled" });
  expect(await images.push(givenImage(pinned), options)).toBe(pinned);
  await removeImage(docker, pinned);
  expect(await inspectImage(docker, pinned)).toBeUndefined();

  await writeFile(
    join(logins, "config.json"),
    JSON.stringify({ auths: { [place]: { auth: "bm90OnJpZ2h0" } } }),
  );
  const refused = await images.push(recipe, options).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "SCANFLOW_DOCKER_DENIED" });
  expect(
    [...lines, String(refused)].filter((line) => line.includes(password) || line.includes(auth)),
  ).toEqual([]);
});

test("a login is asked of the helper that Docker's settings name", async () => {
  const { place, user, password } = await privateRegistry();
  const folder = await folderWith({
    "config.json": JSON.stringify({ credHelpers: { [place]: "test" } }),
    "docker-credential-test": `#!/bin/sh\ncat > /dev/null\necho '${JSON.stringify({ Username: user, Secret: password })}'\n`,
  });
  await chmod(join(folder, "docker-credential-test"), 0o755);
  const PATH = `${folder}${delimiter}${process.env.PATH}`;
  const { images, name: application } = await testDaemon({ DOCKER_CONFIG: folder, PATH });
  const recipe = tinyRecipe(application);
  expect(await images.push(recipe, { application, registry: place })).toMatch(/@sha256:[0-9a-f]{64}$/);
});

test("a registry that is not there is told of, with what to look at", async () => {
  const { images, name: application } = await testDaemon();
  const recipe = tinyRecipe(application);
  await expect(images.push(recipe, { application, registry: "127.0.0.1:1/team" })).rejects.toMatchObject({
    code: "SCANFLOW_IMAGE_PUSH",
    message: expect.stringMatching(
      /could not be pushed to 127\.0\.0\.1:1\/team: .*See whether the registry answers/,
    ),
  });
});

test("a local registry is started once, keeps what it is given, and is removed with it", async () => {
  const { docker, images, another, name: application } = await testDaemon();
  const port = await freePort();
  const options = { name: application, port };
  onTestFinished(() => removeLocalRegistry(docker, application));
  const second = await another();
  const places = await Promise.all([images, second].map((one) => needLocalRegistry(docker, one, options)));
  expect(places).toEqual([`127.0.0.1:${port}`, `127.0.0.1:${port}`]);
  const recipe = tinyRecipe(application);
  const pinned = await images.push(recipe, { application, registry: String(places[0]) });
  expect(await needLocalRegistry(docker, images, { ...options, port: 1 })).toBe(places[0]);
  expect(
    (
      await fetch(
        `http://${places[0]}/v2/${pinned.split("/").slice(1).join("/").replace("@", "/manifests/")}`,
      )
    ).status,
  ).toBe(200);

  const taken = needLocalRegistry(docker, images, { name: `${application}-2`, port });
  await expect(taken).rejects.toMatchObject({ code: "SCANFLOW_PORT_TAKEN" });
  await removeLocalRegistry(docker, application);
  await removeLocalRegistry(docker, application);
  const left = await listContainers(docker, [`org.scanflow.registry=${application}`]);
  expect([left, await listContainers(docker, [`org.scanflow.registry=${application}-2`])]).toEqual([[], []]);
});
