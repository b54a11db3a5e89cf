import { writeFile } from "node:fs/promises";
import { type ImagesFigure, renderFigure } from "@scanflow/checks";
import { imagePatches, kernelShap, overlayOf } from "@scanflow/checks/explain";
import type { StepContext } from "scanflow";
import { pickDigits, readDigits, SIDE } from "./shared/digit-table.ts";
import { createMatrix, rowOf } from "./shared/matrix.ts";
import { readModel } from "./shared/model-file.ts";
import { predict } from "./shared/network.ts";

/** Images that are shown at most. */
const MOST = 6;

/**
 * Why does the model misread a digit? Shapley values of the patches of an image (Kernel SHAP): what each of them did for the
 * answer that the model gave. What is not known looks like the mean of all digits, which is 0 once pixels are normalised.
 */
export default async function explain({
  inputs,
  outputs,
  signal,
}: StepContext<"model" | "test" | "raw", "explanation" | "picture">) {
  const { network } = await readModel(inputs.model);
  const test = await readDigits(inputs.test);
  const answers = predict(network, test.pixels);
  const said = Array.from(test.labels, (_, row) => {
    const values = rowOf(answers, row);
    return values.indexOf(Math.max(...values));
  });
  const misread = said.flatMap((digit, row) => (digit === test.labels[row] ? [] : [row]));
  const shown = misread.slice(0, MOST);
  const groups = imagePatches({ width: SIDE, height: SIDE }, 2);
  const { base, values } = await kernelShap(
    (rows) => predict(network, rows),
    pickDigits(test, shown).pixels,
    { background: createMatrix(1, test.pixels.columns), groups, samples: 600, seed: 1, signal },
  );
  const raw = (await readDigits(inputs.raw)).pixels;
  const images = shown.map((row, at) => {
    const digit = said[row] ?? 0;
    const contribution = values[digit];
    const patches = contribution === undefined ? [] : [...rowOf(contribution, at)];
    return {
      row,
      digit,
      is: test.labels[row] ?? 0,
      base: base[digit] ?? 0,
      patches,
      pixels: [...rowOf(raw, row)],
    };
  });
  await writeFile(outputs.explanation, JSON.stringify(images));
  const figure: ImagesFigure = {
    kind: "images",
    title: "Misread digits: what spoke for the answer (orange) and against it (blue)",
    width: SIDE,
    height: SIDE,
    images: images.flatMap(({ digit, is, patches, pixels: ink }) => {
      const pixels = ink.map((amount) => amount / 16);
      return [
        { caption: `a ${is}`, pixels },
        { caption: `read as ${digit}`, pixels, overlay: overlayOf(groups, patches) },
      ];
    }),
  };
  await writeFile(outputs.picture, renderFigure(figure));
  return { misread: misread.length, explained: shown.length };
}
