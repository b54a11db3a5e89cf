import { basename, extname, resolve } from "node:path";
import { renderFigure } from "@scanflow/checks";
import { z } from "zod";
import { type Explanation, explainData, type RowExplanation } from "../../explain/index.ts";
import { pathOf } from "../check/data-path.ts";
import { readingLine } from "../check/reading-line.ts";
import { dataOptions, readingShape } from "../check/reading-options.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { explanationPage } from "../explain/explanation-page.ts";
import { untilInterrupted } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { checkFolderOf, writeWhole } from "../output-file.ts";
import { ordinal, readOptions, whole } from "../read-options.ts";
import { table } from "../text/table.ts";
import { numberText } from "../text/value.ts";
import { clip, printable } from "../text/width.ts";
import { codedUsageError } from "../usage-error.ts";

const Options = z.object({
  data: z.string().optional(),
  background: z.string().optional(),
  row: whole.optional(),
  output: whole.optional(),
  rows: ordinal.optional(),
  out: z.string().optional(),
  seed: whole.default(1),
  ...readingShape,
});

const MOST_LINES = 20;
const BAR = 24;

export const command: CommandFunction = async (call) => {
  const options = readOptions(Options, call.options);
  const { output, directory } = call;
  const model = call.arguments[0] ?? "";
  const { data, background, row, out } = options;
  if (data === undefined) {
    throw codedUsageError(
      "Nothing is named to explain the model on. Add --data FILE, with the model's features.",
    );
  }
  if (out !== undefined && ![".svg", ".html"].includes(extname(out))) {
    throw codedUsageError(`"${out}" does not say what to write. Name a file that ends in .svg or .html.`);
  }
  const file = out === undefined ? undefined : resolve(directory, out);
  if (file !== undefined) await checkFolderOf(file);
  const path = pathOf(data, directory);
  const reading = readingLine(output);
  const explanation = await untilInterrupted((signal) =>
    explainData({
      model: resolve(directory, model),
      data: path,
      background: background === undefined ? null : pathOf(background, directory),
      row: row ?? null,
      output: options.output ?? null,
      rows: options.rows ?? null,
      seed: options.seed,
      reading: { ...dataOptions(options), signal, progress: (told) => reading.told(path, told) },
    }).finally(reading.close),
  );
  if (explanation === undefined) return EXIT.interrupted;
  if (file !== undefined) await writeWhole(file, picture(file, model, explanation));
  if (output.json) output.document(explanation);
  else if (explanation.row === null) printImportance(explanation, output);
  else printRow(explanation.row, output);
  if (file !== undefined) output.note(`Wrote ${out}.`);
  return EXIT.done;
};

function picture(file: string, model: string, { figures }: Explanation): string {
  const [first] = figures;
  if (file.endsWith(".svg") && first !== undefined) return renderFigure(first);
  return explanationPage(`What the answers of ${basename(model)} rest on`, figures);
}

function printImportance({ method, rows, importance }: Explanation, output: Output): void {
  const how = {
    "tree-path-dependent": "exact Shapley values by the training data's splits",
    "tree-interventional": "exact Shapley values against a background",
    kernel: "Shapley values by Kernel SHAP",
  }[method];
  output.line(
    `What the answers rest on: mean absolute contribution over ${rows.toLocaleString("en")} rows (${how})`,
  );
  const most = importance[0]?.importance ?? 0;
  printTable(
    output,
    ["feature", "contribution", ""],
    importance.map(({ feature, importance: mean }) => [named(feature), numberText(mean), bar(mean, most)]),
  );
}

function printRow({ row, output: shown, base, answer, contributions }: RowExplanation, output: Output): void {
  output.line(
    `Row ${row}, output ${shown}: from ${numberText(base)}, expected of any row, to ${numberText(answer)}`,
  );
  const most = Math.abs(contributions[0]?.contribution ?? 0);
  printTable(
    output,
    ["feature", "value", "contribution", ""],
    contributions.map(({ feature, value, contribution }) => [
      named(feature),
      value === null ? "missing" : typeof value === "string" ? named(value) : numberText(value),
      `${contribution > 0 ? "+" : ""}${numberText(contribution)}`,
      output.style(contribution > 0 ? "green" : "red", bar(Math.abs(contribution), most)),
    ]),
  );
}

function printTable(output: Output, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [head.map((cell) => output.style("dim", cell)), ...rows.slice(0, MOST_LINES)];
  for (const line of table(lines.map((cells) => [...cells]))) output.line(line);
  if (rows.length > MOST_LINES) output.line(`and ${rows.length - MOST_LINES} more`);
}

function named(feature: string): string {
  return clip(printable(feature), 40);
}

function bar(value: number, most: number): string {
  return "█".repeat(most > 0 ? Math.round((value / most) * BAR) : 0);
}
