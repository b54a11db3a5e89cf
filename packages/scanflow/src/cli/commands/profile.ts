import { resolve } from "node:path";
import {
  type ColumnProfile,
  describeMoments,
  distinctCount,
  isoTime,
  type Profile,
  type Segmentation,
} from "@scanflow/checks";
import { z } from "zod";
import { openDataset } from "../../data/index.ts";
import { pathOf } from "../check/data-path.ts";
import { readingLine } from "../check/reading-line.ts";
import { dataOptions, readingShape } from "../check/reading-options.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { untilInterrupted } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { checkFolderOf, writeWhole } from "../output-file.ts";
import { ordinal, readOptions, someTime, whole } from "../read-options.ts";
import { table } from "../text/table.ts";
import { numberText } from "../text/value.ts";
import { clip, printable } from "../text/width.ts";

const Options = z.object({
  out: z.string().optional(),
  like: z.string().optional(),
  sample: ordinal.optional(),
  seed: whole.default(1),
  slice: z.array(z.string()).optional(),
  bucket: z
    .string()
    .regex(/^.+=[^=]+$/, "must be a column and a time, such as at=1d")
    .transform((text, problems) => {
      const bucketMs = someTime.safeParse(text.split("=").at(-1));
      for (const { message } of bucketMs.error?.issues ?? []) problems.addIssue(message);
      return { column: text.slice(0, text.lastIndexOf("=")), bucketMs: bucketMs.data ?? 0 };
    })
    .optional(),
  ...readingShape,
});

export const command: CommandFunction = async (call) => {
  const options = readOptions(Options, call.options);
  const { output, directory } = call;
  const { out, like, seed, sample, slice: slices, bucket: time } = options;
  const path = pathOf(call.arguments[0] ?? "", directory);
  const file = out === undefined ? undefined : resolve(directory, out);
  if (file !== undefined) await checkFolderOf(file);
  const known =
    like === undefined ? undefined : await (await openDataset(resolve(directory, like))).profile();
  const reading = readingLine(output);
  const profile = await untilInterrupted(async (signal) => {
    const progress = (told: Parameters<typeof reading.told>[1]) => reading.told(path, told);
    const segments = { ...(slices && { slices }), time };
    const settings = { ...dataOptions(options), seed, signal, progress, segments };
    const dataset = await openDataset(
      path,
      sample === undefined ? settings : { ...settings, sampleSize: sample },
    );
    return dataset.profile(known).finally(reading.close);
  });
  if (profile === undefined) return EXIT.interrupted;
  if (file !== undefined) await writeWhole(file, `${JSON.stringify(profile)}\n`);
  if (output.json) output.document(file === undefined ? profile : { out: file, rows: profile.rows });
  else print(profile, output);
  if (file !== undefined)
    output.note(`Written to ${out}: it stands for the data as --reference of scanflow check.`);
  return EXIT.done;
};

function print({ rows, columns, segmentations }: Profile, output: Output): void {
  output.line(`${rows.toLocaleString("en")} rows, ${columns.length} columns`);
  const head = ["column", "kind", "missing", "distinct", "min", "mean", "max", "most often"];
  const lines = columns.map((column) => [
    clip(printable(column.name), 40),
    column.kind,
    column.nulls === 0 ? "" : `${((100 * column.nulls) / Math.max(1, rows)).toFixed(1)} %`,
    distinctText(column),
    ...valuesText(column),
  ]);
  for (const line of table([head.map((cell) => output.style("dim", cell)), ...lines])) output.line(line);
  for (const segmentation of segmentations) output.line(segmentsText(segmentation));
}

const MOST_NAMED = 8;

function segmentsText({ kind, column, segments, otherRows, missingRows }: Segmentation): string {
  const named = segments.slice(0, MOST_NAMED).map(({ value, rows }) => {
    const shown =
      kind === "buckets" ? (isoTime(Number(value))?.slice(0, 19) ?? String(value)) : String(value);
    return `${clip(printable(shown), 30)} ${rows.toLocaleString("en")}`;
  });
  const others = segments.slice(MOST_NAMED).reduce((sum, { rows }) => sum + rows, otherRows);
  if (others > 0) named.push(`others ${others.toLocaleString("en")}`);
  if (missingRows > 0) named.push(`missing ${missingRows.toLocaleString("en")}`);
  return `rows by ${printable(column)}: ${named.join(", ")}`;
}

function distinctText(column: ColumnProfile): string {
  const distinct = distinctCount(column);
  if (distinct === null) return "";
  return `${distinct.error > 0 ? "about " : ""}${distinct.count.toLocaleString("en")}`;
}

function valuesText(column: ColumnProfile): [min: string, mean: string, max: string, often: string] {
  if (column.kind === "number" || column.kind === "time") {
    const { mean } = describeMoments(column);
    const shown = (value: number | null) => {
      if (value === null) return "";
      return (column.kind === "time" && isoTime(value)?.slice(0, 19)) || numberText(value);
    };
    return [shown(column.min), shown(mean), shown(column.max), ""];
  }
  if (column.kind === "boolean") {
    const share = column.count === 0 ? "" : (column.trues / column.count).toFixed(3);
    return ["", share, "", ""];
  }
  if (column.kind === "text") {
    const { texts, counts } = column.categories;
    const most = counts.indexOf(Math.max(...counts));
    return ["", "", "", texts[most] === undefined ? "" : clip(printable(texts[most]), 30)];
  }
  return ["", "", "", ""];
}
