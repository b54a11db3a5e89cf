import { basename, resolve } from "node:path";
import { BUILT_INS } from "@scanflow/checks";
import { z } from "zod";
import { reportPage, runChecks } from "../../check/index.ts";
import { chosenSpecs } from "../check/check-specs.ts";
import { printReport } from "../check/check-view.ts";
import { pathOf } from "../check/data-path.ts";
import { readingLine } from "../check/reading-line.ts";
import { dataOptions, readingShape } from "../check/reading-options.ts";
import { STATUS_EXIT } from "../check/status-exit.ts";
import { streamShape } from "../check/stream-options.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { untilInterrupted } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { checkFolderOf, writeWhole } from "../output-file.ts";
import { readOptions, span, whole } from "../read-options.ts";
import { codedUsageError } from "../usage-error.ts";

const Options = z.object({
  ...streamShape,
  current: z.string().optional(),
  reference: z.string().optional(),
  check: z.array(z.string().min(1)).optional(),
  schema: z.string().optional(),
  modelTests: z.string().optional(),
  params: z.string().optional(),
  file: z.array(z.string().regex(/^\w[\w-]*=./, "must be a name and a path: model=model.txt")).default([]),
  html: z.string().optional(),
  list: z.boolean().default(false),
  timeout: span.default(60_000),
  seed: whole.default(1),
  ...readingShape,
});

export const command: CommandFunction = async (call) => {
  const options = readOptions(Options, call.options);
  const { output, directory } = call;
  if (options.list) return list(output);
  if (options.stream !== undefined) {
    const { checkStream } = await import("../check/check-stream.ts");
    return checkStream(call, { ...options, stream: options.stream });
  }
  const { current, reference } = options;
  if (current === undefined) {
    throw codedUsageError(
      "Nothing is named to be judged. Add --current FILE, and --reference FILE to compare with.",
    );
  }
  const specs = chosenSpecs(options, directory);
  const inputs = {
    current: pathOf(current, directory),
    reference: reference === undefined ? null : pathOf(reference, directory),
    names: { current, reference },
    options: dataOptions(options),
    root: directory,
    seed: options.seed,
    timeoutMs: options.timeout,
  };
  const reading = readingLine(output);
  const page = options.html === undefined ? undefined : resolve(directory, options.html);
  if (page !== undefined) await checkFolderOf(page, "--html");
  const run = await untilInterrupted((signal) =>
    runChecks(specs, inputs, { signal, progress: reading.told }).finally(reading.close),
  );
  if (run === undefined) return EXIT.interrupted;
  const { report } = run;
  if (page !== undefined) {
    const title = `${basename(current)}: ${specs.map(({ name }) => name).join(", ")}`;
    await writeWhole(page, await reportPage(run, title), "--html");
    output.note(`Written to ${options.html}.`);
  }
  if (output.json) output.document(report);
  else printReport(report, output);
  return STATUS_EXIT[report.verdict.status];
};

function list(output: Output): ExitCode {
  const rows = Object.entries(BUILT_INS).map(([name, { description, params, needsReference }]) => ({
    name,
    description,
    needsReference,
    params,
  }));
  if (output.json) {
    output.document(rows);
    return EXIT.done;
  }
  for (const { name, description, params } of rows) {
    output.line(`${output.style("bold", name)}: ${description}`);
    for (const [param, about] of Object.entries(params)) output.line(`  ${param}: ${about}`);
  }
  return EXIT.done;
}
