import { writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { BUILT_INS, type JsonObject } from "@scanflow/checks";
import { z } from "zod";
import { type CheckReport, type CheckSpec, reportPage, runChecks } from "../../check/index.ts";
import { printReport } from "../check/check-view.ts";
import { readingLine } from "../check/reading-line.ts";
import { dataOptions, readingShape } from "../check/reading-options.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { untilInterrupted } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { checkFolderOf, explainUnwritable } from "../output-file.ts";
import { readOptions, span, whole } from "../read-options.ts";
import { codedUsageError } from "../usage-error.ts";

const Options = z.object({
  current: z.string().optional(),
  reference: z.string().optional(),
  check: z.array(z.string().min(1)).default(["drift"]),
  params: z.string().optional(),
  file: z.array(z.string().regex(/^\w[\w-]*=./, "must be a name and a path: model=model.txt")).default([]),
  html: z.string().optional(),
  list: z.boolean().default(false),
  timeout: span.default(60_000),
  seed: whole.default(1),
  ...readingShape,
});

/** By the worst of the verdicts. */
const EXITS: Readonly<Record<CheckReport["verdict"]["status"], ExitCode>> = {
  ok: EXIT.done,
  warning: EXIT.done,
  alarm: EXIT.failed,
  invalid: EXIT.usage,
};

export const command: CommandFunction = async (call) => {
  const options = readOptions(Options, call.options);
  const { output, directory } = call;
  if (options.list) return list(output);
  const { current, reference } = options;
  if (current === undefined) {
    throw codedUsageError(
      "Nothing is named to be judged. Add --current FILE, and --reference FILE to compare with.",
    );
  }
  const specs = specsOf(options.check, options.params, filesOf(options.file, directory));
  const inputs = {
    current: pathOf(current, directory),
    reference: reference === undefined ? null : pathOf(reference, directory),
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
    const title = `${basename(current)}: ${options.check.join(", ")}`;
    await explainUnwritable(page, async () => writeFile(page, await reportPage(run, title)), "--html");
    output.note(`Written to ${options.html}.`);
  }
  if (output.json) output.document(report);
  else printReport(report, output);
  return EXITS[report.verdict.status];
};

/** An address stays what it is, so that the reader can say what to do about it. */
function pathOf(path: string, directory: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path) ? path : resolve(directory, path);
}

function specsOf(
  checks: readonly string[],
  params: string | undefined,
  files: CheckSpec["files"],
): CheckSpec[] {
  const given = params === undefined ? {} : readParams(params);
  const [only] = checks;
  if (checks.length === 1 && only !== undefined) return [{ name: only, check: only, params: given, files }];
  const unknown = Object.keys(given).find((name) => !checks.includes(name));
  if (unknown !== undefined) {
    throw codedUsageError(
      `--params has "${unknown}", which is none of the checks ${checks.join(", ")}. Of several checks write an object by their names.`,
    );
  }
  return checks.map((check) => ({ name: check, check, params: objectOf(given[check] ?? {}, check), files }));
}

function filesOf(pairs: readonly string[], directory: string): CheckSpec["files"] {
  const named = pairs.map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), resolve(directory, pair.slice(at + 1))] as const;
  });
  return Object.fromEntries(named);
}

function readParams(text: string): JsonObject {
  try {
    return objectOf(JSON.parse(text), "it");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw codedUsageError(
      `--params is not JSON (${error.message}). Write an object, such as '{"significance": 0.01}'.`,
    );
  }
}

function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw codedUsageError(`--params: ${what} is no JSON object. Write one, such as '{"significance": 0.01}'.`);
}

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
