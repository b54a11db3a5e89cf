import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";
import { BASE_IMAGES } from "./base-images.ts";

const run = promisify(execFile);
const env = { ...process.env, ...inject("docker") };

test.each([
  [BASE_IMAGES.debian, ["cat", "/etc/debian_version"], /^12/],
  [BASE_IMAGES.python, ["python", "--version"], /^Python 3\.11/],
  [BASE_IMAGES.node, ["node", "--version"], /^v24\./],
  [BASE_IMAGES.node, ["npm", "--version"], /^\d+\./],
])("the base image %s runs %s", async (image, command, expected) => {
  const { stdout } = await run("docker", ["run", "--rm", "--network", "none", image, ...command], { env });
  expect(stdout).toMatch(expected);
});
