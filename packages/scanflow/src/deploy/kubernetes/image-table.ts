import type { V1ConfigMap } from "@kubernetes/client-node";
import { type ImageTable, imageKey } from "../../image-table.ts";
import { metadataOf, type Surroundings } from "./objects.ts";

/** Where the server finds the names of images. */
export const imagesFile = { folder: "/images", name: "images.json" } as const;

/** The names of all images of the export: the server has no Docker to build any with. */
export function imageTableMap(around: Surroundings): V1ConfigMap {
  const { images, workflows } = around.deployment;
  const tasks = workflows.flatMap(({ plan }) =>
    plan.tasks.flatMap((task): [string, string][] =>
      "environment" in task ? [[imageKey(task.run, task.environment), images.of(task)]] : [],
    ),
  );
  const sorted = tasks.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const table: ImageTable = { scanflow: images.scanflow, tasks: Object.fromEntries(sorted) };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(around, { component: "files", name: "images" }),
    data: { [imagesFile.name]: `${JSON.stringify(table, null, 2)}\n` },
  };
}
