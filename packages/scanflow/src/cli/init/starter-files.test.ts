import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { planWorkflow } from "@scanflow/core";
import { expect, onTestFinished, test } from "vitest";
import { loadApplication } from "../../config/index.ts";
import { starterFiles } from "./starter-files.ts";

/** In the package's folder, so that `scanflow` is found. */
async function written(yaml: boolean): Promise<string> {
  const near = yaml ? tmpdir() : join(import.meta.dirname, ".tmp");
  await mkdir(near, { recursive: true });
  const folder = await mkdtemp(join(near, "scanflow-init-"));
  onTestFinished(() => rm(yaml ? folder : near, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(starterFiles({ name: "my-lab", yaml }))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return join(folder, yaml ? "scanflow.yaml" : "scanflow.config.ts");
}

test("both forms define the same application, without a hint to give", async () => {
  const plans = await Promise.all(
    [true, false].map(async (yaml) => {
      const { application, warnings } = await loadApplication(await written(yaml));
      expect(warnings).toEqual([]);
      return planWorkflow(application);
    }),
  );
  expect(plans[0]).toEqual(plans[1]);
  expect(plans[0]?.tasks.map(({ id }) => id)).toEqual(["gather", "summarise"]);
});
