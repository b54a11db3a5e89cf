import { readFile, writeFile } from "node:fs/promises";
import {
  batchOf,
  checkDrift,
  createProfiler,
  type ImagesFigure,
  type Profile,
  renderFigure,
} from "@scanflow/checks";
import { explainDrift, withExplanation } from "@scanflow/checks/explain";
import { renderReport } from "@scanflow/checks/report";
import type { StepContext } from "scanflow";
import { readImages, SIDE } from "./shared/image-table.ts";
import type { Model } from "./shared/model.ts";
import { FEATURES } from "./shared/shape.ts";
import { readSamples, type Sample } from "./shared/shape-table.ts";
import { whatTheModelSays } from "./shared/what-the-model-says.ts";

/** The feature of the decks' picture of a drift. */
const PICTURED = "eccentricity" satisfies (typeof FEATURES)[number];

/** Judges the shapes of new images, and says what changed: features, ranges, images, answers of the model. */
export default async function checkShapes({
  inputs,
  outputs,
  metric,
}: StepContext<"reference" | "window" | "images" | "model", "verdict" | "report" | "picture">) {
  const before = await readSamples(inputs.reference);
  const now = await readSamples(inputs.window);
  const model: Model = JSON.parse(await readFile(inputs.model, "utf8"));
  const reference = profileOf(before);
  const window = profileOf(now, reference);

  const judged = checkDrift(reference, columnsOf(now), { minimumEffect: 0.1 });
  const verdict = judged.status === "ok" ? judged : await explain();

  async function explain() {
    const explanation = explainDrift(reference, window, judged, { examples: 6 });
    const explained = withExplanation(judged, explanation);
    const typical = explanation.examples.map(({ row }) => row);
    const pictures = imagesFigure(await readImages(inputs.images), typical);
    return {
      ...explained,
      message: `${explained.message} ${await whatTheModelSays(model, before, now)}`,
      figures: [...(explained.figures ?? []), pictures],
    };
  }

  await writeFile(outputs.verdict, JSON.stringify(verdict));
  const report = renderReport({
    title: "Shapes of handwritten digits",
    reference: { name: "reference", profile: reference },
    current: { name: "window", profile: window },
    checks: [{ name: "shapes", verdict }],
  });
  await writeFile(outputs.report, report);
  const picture = verdict.figures?.find(({ column }) => column === PICTURED);
  await writeFile(outputs.picture, picture === undefined ? "" : renderFigure(picture));
  metric("driftedFeatures", verdict.columns.length);
  console.log(`${verdict.status}: ${verdict.message}`);
  return { status: verdict.status, drifted: verdict.columns.length };
}

function columnsOf(samples: readonly Sample[]): Record<string, number[]> {
  return Object.fromEntries(
    FEATURES.map((name, at) => [name, samples.map(({ features }) => features[at] ?? Number.NaN)]),
  );
}

/** @param like whose bins to count in */
function profileOf(samples: readonly Sample[], like?: Profile): Profile {
  const profiler = createProfiler({ seed: 1, ...(like === undefined ? {} : { like }) });
  profiler.add(batchOf(columnsOf(samples)));
  return profiler.finish();
}

function imagesFigure(
  images: readonly { readonly pixels: readonly number[]; readonly label: number }[],
  rows: readonly number[],
): ImagesFigure {
  return {
    kind: "images",
    title: "New images whose shapes are typical of the change",
    width: SIDE,
    height: SIDE,
    images: rows.flatMap((row) => {
      const image = images[row];
      return image ? [{ caption: `row ${row}`, pixels: image.pixels.map((ink) => ink / 16) }] : [];
    }),
  };
}
