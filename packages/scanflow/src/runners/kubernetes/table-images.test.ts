import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { imageKey } from "../../image-table.ts";
import { tableImages } from "./table-images.ts";

const command = { kind: "command", command: "python train.py" } as const;
const python = { kind: "python", requirements: null, packages: ["numpy"], python: null, apt: [] } as const;

test("the images of an export are found whatever the order that an environment is written in; others are told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-images-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "images.json");
  const { kind, ...rest } = python;
  const tasks = { [imageKey(command, { ...rest, kind })]: "registry.example.org/app:1" };
  await writeFile(file, JSON.stringify({ scanflow: "registry.example.org/scanflow:1", tasks }));
  const images = tableImages(file);
  expect(await images({ task: "fit", command, environment: python }, () => {})).toMatchObject({
    main: "registry.example.org/app:1",
    shim: { image: "registry.example.org/scanflow:1" },
  });
  const other = { task: "fit", command, environment: { ...python, packages: ["scipy"] } };
  await expect(images(other, () => {})).rejects.toMatchObject({ code: "SCANFLOW_IMAGE_MISSING" });
});
