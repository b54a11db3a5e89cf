import { readFile, writeFile } from "node:fs/promises";
import {
  checkContext,
  datasetOf,
  gatherRows,
  type ImagesFigure,
  type JsonValue,
  type TableFigure,
  type Verdict,
} from "@scanflow/checks";
import {
  type ComparedKind,
  compareDetectors,
  type DetectorReport,
  detectorChecker,
  SCANFLOW_2021_PUBLISHED as published,
  scanflow2021,
} from "@scanflow/checks/detector";
import { renderReport } from "@scanflow/checks/report";
import type { StepContext } from "scanflow";
import { createOnnxRuntime } from "scanflow/inference";
import { PICTURES, readPictures } from "./shared/image-table.ts";
import { flaggedBy, readScores } from "./shared/scores.ts";

const kinds = ["autoencoder", "pca", "neighbours", "scanflow-2021"] as const;
type Params = { readonly seed: number; readonly epochs: number };
type Inputs = "reference" | "good" | "faulty" | "scores" | Exclude<ComparedKind, "scanflow-2021">;

/** Which detector finds most of what may go wrong, and what it says of the new images; the original beside it. */
export default async function compare({
  inputs,
  outputs,
  params,
  signal,
  metric,
}: StepContext<Inputs, "report", Params>) {
  const runtime = createOnnxRuntime({ threads: 1 });
  try {
    const reference = await readPictures(inputs.reference);
    const settings = { runtime, ...PICTURES, seed: params.seed, signal };
    const report = await compareDetectors(reference, { ...settings, kinds, originalEpochs: params.epochs });
    const parts = [await readPictures(inputs.good), await readPictures(inputs.faulty)];
    const fresh = datasetOf("new images", parts);

    const original = await scanflow2021(reference, { ...settings, epochs: params.epochs });
    const flags = await original.flag(await gatherRows(fresh));
    const [good = { rows: 0 }] = parts;
    const flagged = new Map(flaggedBy(await readScores(inputs.scores)));
    flagged.set("scanflow-2021", {
      good: flags.slice(0, good.rows).filter(Boolean).length,
      faulty: flags.slice(good.rows).filter(Boolean).length,
    });

    // The original cannot be saved: where it were the best, the default would have to do.
    const chosen = report.best === "scanflow-2021" ? "autoencoder" : report.best;
    const context = checkContext("new images", {
      params: { detector: inputs[chosen], id: "image", worst: 6 },
      onnx: runtime,
      readFile: (path) => readFile(path),
    });
    const verdict = await detectorChecker(fresh, null, context);
    const [scores, unexpected] = verdict.figures ?? [];
    const worst = unexpected?.kind === "images" ? withoutOverlay(unexpected) : undefined;
    const whole: Verdict = {
      ...verdict,
      message: `${sentenceOf(report)} ${verdict.message}`,
      figures: [worst, unexpected, report.figure, tableOf(report, flagged), scores].filter(
        (one) => one !== undefined,
      ),
    };
    const page = renderReport({
      title: "Digits, and what is none",
      reference: { name: `${reference.rows} digits`, profile: null },
      current: { name: `${flags.length} new images`, profile: null },
      checks: [{ name: "new images", verdict: whole }],
    });
    await writeFile(outputs.report, page);
    for (const { kind, mean, falsePositives } of report.detectors) {
      metric(`found.${kind}`, mean);
      metric(`falsePositives.${kind}`, falsePositives);
    }
    console.log(sentenceOf(report));
    const means = report.detectors.map(({ kind, mean }) => [kind, mean] as const);
    return { best: report.best, found: Object.fromEntries(means) };
  } finally {
    await runtime.close();
  }
}

/** The images as they are, to be seen beside what was not expected in them. */
function withoutOverlay({ images, ...figure }: ImagesFigure): ImagesFigure {
  const bare = images.map(({ caption, pixels }) => ({ caption, pixels }));
  return { ...figure, title: "The most unusual new images, with their surprise", images: bare };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function sentenceOf({ best, detectors }: DetectorReport<ComparedKind>): string {
  const told = detectors.map(({ kind, mean, falsePositives, keepsToFalsePositives }) => {
    const beyond = keepsToFalsePositives ? "" : ", more than was asked for";
    return `${kind} ${percent(mean)} (${percent(falsePositives)} of clean images${beyond})`;
  });
  return (
    `The best detector of these digits is ${best}. Of held-out digits with ten things gone wrong, at 5 % false ` +
    `positives, they find: ${told.join(", ")}.`
  );
}

type Flagged = ReadonlyMap<string, { readonly good: number; readonly faulty: number }>;

/** What each says of the new images, and what was published of the original. */
function tableOf({ detectors }: DetectorReport<ComparedKind>, flagged: Flagged): TableFigure {
  const rows = detectors.map(({ kind, mean, falsePositives }): JsonValue[] => {
    const { good = 0, faulty = 0 } = flagged.get(kind) ?? {};
    return [kind, percent(falsePositives), percent(mean), good + faulty, faulty];
  });
  const { inferenceImages, flagged: theirs, picked } = published;
  return {
    kind: "table",
    title: `What each flags: of clean and corrupted reference images, and of ${inferenceImages} new ones, half of them faulty`,
    columns: ["detector", "of clean", "of corrupted", "of new", "faulty of these"],
    rows: [
      ...rows,
      ["scanflow-2021, as published", "–", "–", `${theirs} of ${inferenceImages}`, `–, ${picked} picked`],
    ],
  };
}
