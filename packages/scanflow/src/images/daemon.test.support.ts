import { randomBytes } from "node:crypto";
import { inject, onTestFinished } from "vitest";
import { Docker, inspectNetwork, listImages, removeImage } from "../docker/index.ts";
import { buildRecipe } from "./build-recipe.ts";
import { givenImage } from "./given-image.ts";
import type { BuiltImage } from "./image-recipe.ts";
import { folderWith } from "./images.test.support.ts";
import { Images } from "./images.ts";
import { labels } from "./labels.ts";

/** The image that tests build upon. */
export const testBase = "debian:bookworm-slim";

/** The daemon that all tests named `*.docker.test.ts` share, with a name for the images of this test alone. */
export interface TestDaemon {
  readonly docker: Docker;
  readonly images: Images;
  readonly env: NodeJS.ProcessEnv;
  /** Nobody else's, and no other test's. */
  readonly name: string;
  /** Another asker, as a process of its own would be. */
  another(): Promise<Images>;
}

/** What is made for the application `name` is removed after the test. */
export async function testDaemon(variables: NodeJS.ProcessEnv = {}): Promise<TestDaemon> {
  const env = { ...process.env, ...inject("docker"), ...variables };
  const docker = await Docker.open({ env });
  const name = `test-${randomBytes(5).toString("hex")}`;
  const locks = await folderWith({});
  const others: Docker[] = [];
  onTestFinished(async () => {
    await removeAll(docker, `${labels.application}=${name}`);
    for (const one of [docker, ...others]) one.close();
  });
  return {
    docker,
    images: new Images(docker, { locks, env }),
    env,
    name,
    another: async () => {
      const other = await Docker.open({ env });
      others.push(other);
      return new Images(other, { locks, env });
    },
  };
}

/**
 * The address of this machine that containers of builds reach. A daemon that made its bridge itself tells no gateway: it
 * takes the first address.
 */
export async function bridgeAddress(docker: Docker): Promise<string> {
  const [config] = (await inspectNetwork(docker, "bridge"))?.IPAM?.Config ?? [];
  const address = config?.Gateway ?? config?.Subnet?.replace(/\.0\/\d+$/, ".1");
  if (address === undefined) throw new Error("the daemon has no bridge with an address");
  return address;
}

/** Images that others are built upon go after those. */
async function removeAll(docker: Docker, label: string): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const left = await listImages(docker, [label]);
    if (left.length === 0) return;
    if (left.length >= before) throw new Error(`cannot be removed: ${JSON.stringify(left)}`);
    before = left.length;
    for (const { Id, RepoTags } of left) {
      const tags = (RepoTags ?? []).filter((tag) => tag !== "<none>:<none>");
      for (const tag of tags) await removeImage(docker, tag);
      await removeImage(docker, Id).catch(() => undefined);
    }
  }
}

/** A recipe of a few instructions upon the test's base; a comment makes it no other test's. */
export function recipeWith(name: string, instructions: readonly string[], salt = name): BuiltImage {
  return buildRecipe({
    name,
    about: "a test",
    files: [],
    needs: [givenImage(testBase)],
    shim: null,
    dockerfile: `FROM ${testBase}\n# ${salt}\n${instructions.join("\n")}\n`,
  });
}

/** A recipe of an image of a few bytes, which is no other test's. */
export function tinyRecipe(name: string, text = name): BuiltImage {
  return buildRecipe({
    name,
    about: "a test",
    files: [{ kind: "text", path: "text", text }],
    shim: null,
    dockerfile: "FROM scratch\nCOPY text /text\n",
  });
}
