import { writeFile } from "node:fs/promises";
import type { JsonObject } from "@scanflow/checks";
import { errorCode, ScanflowError } from "@scanflow/core";
import type { StepContext } from "../runners/index.ts";
import type { CheckInputs } from "./check-spec.ts";
import { readReading, readSeed } from "./read-reading.ts";
import { reportPage } from "./report-page.ts";
import { runChecks } from "./run-checks.ts";
import { verdictMetrics } from "./verdict-metrics.ts";

/** Checkers of one's own are ended by the node's timeout; this is for those without one. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * The function step behind a checker node with `check`: judges the input `current` by the input `reference`, writes
 * the verdict to the output `verdict` and a page to the output `report`, and logs its figures as metrics. The param
 * `read` says how data are read, the param `seed` what is drawn by chance; all others are the check's own. Further
 * inputs, such as a schema, are handed to it as params: what stands in the files.
 */
export default async function check({
  inputs,
  outputs,
  params: given,
  signal,
  metric,
  tag,
}: StepContext): Promise<JsonObject> {
  const { SCANFLOW_CHECK: name = "", SCANFLOW_CHECK_FOLDER: root = process.cwd() } = process.env;
  const { read, seed = 1, ...params } = given;
  const { current = "", reference = null, ...files } = inputs;
  const judged: CheckInputs = {
    current,
    reference,
    // Not the files' names: a verdict that is taken from the cache would tell of another file.
    names: { current: "current", reference: "reference" },
    options: readReading(read),
    root,
    seed: readSeed(seed),
    timeoutMs: LONGEST_MS,
  };
  const spec = { name, check: name, params, files };
  const run = await runChecks([spec], judged, { signal }).catch((error: unknown) => {
    throw byInput(error, inputs);
  });
  const [verdict] = run.report.checks;
  if (verdict === undefined) throw new Error("no verdict");
  const { name: _, ...own } = verdict;
  if (outputs.verdict !== undefined) await writeFile(outputs.verdict, JSON.stringify(own));
  if (outputs.report !== undefined) await writeFile(outputs.report, await reportPage(run, name));
  for (const [key, value] of verdictMetrics(own)) metric(key, value);
  tag("scanflow.verdict", own.status);
  process.stdout.write(`${own.status}: ${own.message}\n`);
  return {};
}

/** A failure that names inputs by what the workflow calls them, and not by where they lie for this attempt. */
function byInput(error: unknown, inputs: StepContext["inputs"]): unknown {
  const code = errorCode(error);
  if (code === undefined || !(error instanceof Error)) return error;
  const paths = Object.entries(inputs).sort(([, a], [, b]) => b.length - a.length);
  const message = paths.reduce((text, [name, path]) => text.replaceAll(path, name), error.message);
  return new ScanflowError(code, message, { cause: error });
}
