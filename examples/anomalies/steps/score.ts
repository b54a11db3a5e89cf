import { readFile, writeFile } from "node:fs/promises";
import { takeRows } from "@scanflow/checks";
import { loadDetector } from "@scanflow/checks/detector";
import type { StepContext } from "scanflow";
import { createOnnxRuntime } from "scanflow/inference";
import { readNames, readPictures } from "./shared/image-table.ts";

const kinds = ["autoencoder", "pca", "neighbours"] as const;
type Inputs = "good" | "faulty" | (typeof kinds)[number];

/** Scores new images one by one, as they come in, and keeps the autoencoder's latent vectors for pickers. */
export default async function score({ inputs, outputs }: StepContext<Inputs, "scores" | "latent">) {
  const runtime = createOnnxRuntime({ threads: 1 });
  try {
    const load = async (kind: (typeof kinds)[number]) => loadDetector(await readFile(inputs[kind]), runtime);
    const detectors = [await load("autoencoder"), await load("pca"), await load("neighbours")] as const;
    const scores = [["image", ...kinds].join(",")];
    const latent: string[] = [];
    for (const path of [inputs.good, inputs.faulty]) {
      const pictures = await readPictures(path);
      const names = await readNames(path);
      for (const [row, name] of names.entries()) {
        const one = takeRows(pictures, [row]);
        const own = await Promise.all(detectors.map((detector) => detector.score(one)));
        scores.push([name, ...own.map(({ score }) => score[0])].join(","));
      }
      const { columns, values } = await detectors[0].latent(pictures);
      if (latent.length === 0)
        latent.push(["image", ...Array.from({ length: columns }, (_, at) => `z${at}`)].join(","));
      for (const [row, name] of names.entries()) {
        latent.push([name, ...values.subarray(row * columns, (row + 1) * columns)].join(","));
      }
    }
    await writeFile(outputs.scores, `${scores.join("\n")}\n`);
    await writeFile(outputs.latent, `${latent.join("\n")}\n`);
    return { images: scores.length - 1 };
  } finally {
    await runtime.close();
  }
}
