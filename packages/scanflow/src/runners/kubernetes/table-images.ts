import { readFile } from "node:fs/promises";
import { ScanflowError } from "@scanflow/core";
import { type ImageTable, imageKey, readImageTable } from "../../image-table.ts";
import { scanflowShim } from "../../images/index.ts";
import type { PodImages } from "./pod-images.ts";

/** The images that an export names: nothing is built, and no Docker is asked. Errors: SCANFLOW_IMAGE_MISSING. */
export function tableImages(file: string): PodImages {
  let table: Promise<ImageTable> | undefined;
  return async ({ task, command, environment }) => {
    table ??= readFile(file, "utf8").then(readImageTable);
    const { scanflow, tasks } = await table;
    const main = tasks[imageKey(command, environment)];
    if (main !== undefined) return { main, shim: { image: scanflow, command: scanflowShim } };
    throw new ScanflowError(
      "SCANFLOW_IMAGE_MISSING",
      `Task "${task}" runs in an image that the export of this application does not name. Build, export and deploy the application as it is now.`,
    );
  };
}
