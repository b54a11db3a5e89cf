import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { contextFiles } from "./context-files.ts";
import { folderWith, texts } from "./images.test.support.ts";

const limit = 1000;

test("a context is what its .dockerignore leaves, with links as links and Scanflow's state always left out", async () => {
  const context = await folderWith({
    ".dockerignore": "data\n!data/small.csv\n**/*.log\n.git\n",
    "data/large.csv": "1",
    "data/small.csv": "2",
    "src/deep/run.log": "3",
    "src/deep/run.py": "4",
    ".git/config": "5",
    ".scanflow/scanflow.db": "6",
  });
  await symlink("../../etc/passwd", join(context, "src/away"));
  await mkdir(join(context, "empty"));
  const files = await contextFiles(context, { dockerfile: join(context, "Dockerfile"), limit });
  expect(Object.keys(texts({ files }))).toEqual([
    ".dockerignore",
    "data/small.csv",
    "empty",
    "src",
    "src/away",
    "src/deep",
    "src/deep/run.py",
  ]);
  expect(texts({ files })["src/away"]).toBe("-> ../../etc/passwd");
});

test("a .dockerignore of the Dockerfile's own comes first", async () => {
  const context = await folderWith({
    ".dockerignore": "a\n",
    "b.Dockerfile.dockerignore": "b\n",
    a: "1",
    b: "2",
  });
  const files = await contextFiles(context, { dockerfile: join(context, "b.Dockerfile"), limit });
  expect(files.map(({ path }) => path)).toEqual([".dockerignore", "a", "b.Dockerfile.dockerignore"]);
});

test("a socket, and more than the limit, are refused before anything is read or sent", async () => {
  const context = await folderWith({ small: "1" });
  const server = createServer().listen(join(context, "socket"));
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const options = { dockerfile: join(context, "Dockerfile"), limit };
  await expect(contextFiles(context, options)).rejects.toMatchObject({
    code: "SCANFLOW_IMAGE_CONTEXT",
    message: expect.stringContaining("holds socket, which is no file, folder or link"),
  });
  await writeFile(join(context, ".dockerignore"), "socket\n");
  expect(await contextFiles(context, options)).toHaveLength(2);
  await writeFile(join(context, "large"), "x".repeat(limit));
  await expect(contextFiles(context, options)).rejects.toMatchObject({
    code: "SCANFLOW_IMAGE_CONTEXT",
    message: expect.stringContaining("the largest so far is large with 1000 bytes"),
  });
});
