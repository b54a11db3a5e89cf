import { extname, resolve } from "node:path";
import { inferSchema, writeSchema } from "@scanflow/checks/validation";
import { z } from "zod";
import { openDataset } from "../../data/index.ts";
import { pathOf } from "../check/data-path.ts";
import { readingLine } from "../check/reading-line.ts";
import { dataOptions, readingShape } from "../check/reading-options.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { untilInterrupted } from "../interrupt.ts";
import { checkFolderOf, writeWhole } from "../output-file.ts";
import { readOptions, whole } from "../read-options.ts";

const Options = z.object({
  out: z.string().optional(),
  label: z.string().optional(),
  seed: whole.default(1),
  ...readingShape,
});

export const command: CommandFunction = async (call) => {
  const options = readOptions(Options, call.options);
  const { output, directory } = call;
  const { out, label, seed } = options;
  const path = pathOf(call.arguments[0] ?? "", directory);
  const file = out === undefined ? undefined : resolve(directory, out);
  if (file !== undefined) await checkFolderOf(file);
  const reading = readingLine(output);
  const schema = await untilInterrupted(async (signal) => {
    const progress = (told: Parameters<typeof reading.told>[1]) => reading.told(path, told);
    const dataset = await openDataset(path, { ...dataOptions(options), seed, signal, progress });
    return inferSchema(dataset, label === undefined ? {} : { label }).finally(reading.close);
  });
  if (schema === undefined) return EXIT.interrupted;
  if (file !== undefined)
    await writeWhole(file, writeSchema(schema, extname(file) === ".json" ? "json" : "yaml"));
  const columns = Object.keys(schema.columns).length;
  if (output.json) output.document(file === undefined ? schema : { out: file, columns, rows: schema.rows });
  else if (file === undefined) output.write(writeSchema(schema));
  else
    output.note(
      `Written to ${out}: the rules of ${columns} columns. Tighten what you know better, and give it to scanflow check --schema.`,
    );
  return EXIT.done;
};
