import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@scanflow/tracking/artifacts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applicationFiles } from "./application-files.ts";

let folder: string;
let root: string;
let artifacts: ArtifactStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "application-files-"));
  root = join(folder, "application");
  mkdirSync(join(root, "steps"), { recursive: true });
  writeFileSync(join(root, "scanflow.yaml"), "name: x\n");
  writeFileSync(join(root, "steps/train.py"), "print(1)\n");
  chmodSync(join(root, "steps/train.py"), 0o755);
  artifacts = await openArtifactStore({ root: join(folder, "artifacts") });
});
afterEach(async () => {
  await artifacts.close();
  rmSync(folder, { recursive: true });
});

async function contentOf(digest: string): Promise<string[]> {
  const place = join(folder, `out-${digest.slice(-6)}`);
  await artifacts.materialise(digest, place);
  return (await readdir(place, { recursive: true })).sort();
}

test("the application travels without tools' folders, state and links that lead out of it", async () => {
  for (const name of [".git", ".scanflow", "node_modules/x", "steps/__pycache__"]) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, "f"), "");
  }
  writeFileSync(join(folder, "secret"), "theirs");
  symlinkSync(join(folder, "secret"), join(root, "out"));
  symlinkSync("steps/train.py", join(root, "main.py"));
  symlinkSync("nowhere", join(root, "broken"));
  const digest = await applicationFiles({ root, artifacts })();
  expect(await contentOf(digest)).toEqual(["main.py", "scanflow.yaml", "steps", "steps/train.py"]);
});

test("the digest follows the files, and the same files have the same digest", async () => {
  const digest = applicationFiles({ root, artifacts });
  const first = await digest();
  expect(await digest()).toBe(first);
  writeFileSync(join(root, "steps/train.py"), "print(2)\n");
  const second = await digest();
  expect(second).not.toBe(first);
  await contentOf(second);
  expect(readFileSync(join(folder, `out-${second.slice(-6)}`, "steps/train.py"), "utf8")).toBe("print(2)\n");
  expect(await applicationFiles({ root, artifacts })()).toBe(second);
});

test("files that are too many bytes are refused with the largest of them", async () => {
  writeFileSync(join(root, "data.bin"), Buffer.alloc(2000));
  await expect(applicationFiles({ root, artifacts, limitBytes: 1000 })()).rejects.toMatchObject({
    code: "SCANFLOW_CODE_TOO_LARGE",
    message: expect.stringMatching(/largest is data\.bin with 2000 bytes/),
  });
});
