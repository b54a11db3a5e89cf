import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openArtifactStore } from "@scanflow/tracking/artifacts";
import { expect, test } from "vitest";
import { output, temporaryFolder } from "./bench.test.support.ts";
import { publishOutputs } from "./outputs.ts";

test("an output behind a link that leads out of the attempt's folder is not taken from there", async () => {
  const folder = await temporaryFolder();
  const artifacts = await openArtifactStore({ root: join(folder, "artifacts"), durable: false });
  const workdir = join(folder, "work");
  await mkdir(join(workdir, "outputs"), { recursive: true });
  await mkdir(join(folder, "private"));
  await writeFile(join(folder, "private/key"), "of the owner");
  await symlink(join(folder, "private"), join(workdir, "outputs/a"));
  const path = join(workdir, "outputs/a/key");
  const written = { task: "t", name: "key", definition: output({ path: "a/key" }), path };
  await expect(publishOutputs(artifacts, [written], workdir)).rejects.toMatchObject({
    code: "SCANFLOW_OUTPUT_INVALID",
    message: expect.stringContaining("outside the task's folder"),
  });
});
