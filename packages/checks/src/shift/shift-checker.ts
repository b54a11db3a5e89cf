import { judgeAnswers } from "../answers/judge-answers.ts";
import { type ColumnBatch, columnOf } from "../batch/column-batch.ts";
import { takeRows } from "../batch/take-rows.ts";
import { isValid } from "../batch/validity.ts";
import type { CheckContext, Checker, Dataset } from "../checker/checker.ts";
import { ChecksError } from "../errors.ts";
import { invalidVerdict } from "../verdict/invalid-verdict.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { chooseDetector } from "./choose-detector.ts";
import { drawSide, type Side } from "./draw-side.ts";
import { findColumns } from "./find-columns.ts";
import { learnLooks } from "./learn-looks.ts";
import { readShiftParams, type ShiftParams } from "./shift-params.ts";
import { shiftVerdict } from "./shift-verdict.ts";
import { prepareShiftTest } from "./test/shift-test.ts";

/** Of fewer rows of a reference no windows can be drawn that tell what chance does. */
const FEWEST_REFERENCE = 40;

/**
 * Is the window as a whole like the reference? One question about all columns together, so that a change of what goes
 * together is found where every column alone is as before. It looks at what the model said (`probabilities`,
 * `prediction`), through a detector (`detector`, a saved one; or one that is fitted to half of the reference, for
 * tensors and `image`, or of a `kind`), and at the table itself: each column, pairs of columns, whole rows by a kernel.
 * All of it makes one p value (`prepareShiftTest`), calibrated by windows of the same size that are drawn from the
 * reference: its rows, or the sample that a saved profile keeps; the evidence says which.
 *
 * - `alarm`: p is at most `significance` (0.05), and an effect exceeds what chance shows on average by `minimumEffect`
 *   (0.1) or more
 * - `warning`: so improbable, but smaller
 *
 * Rows have to be independent of each other. Other params: `columns`, `minimumSample` (10), `simulations` (1,000).
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const shiftChecker: Checker = async (window, reference, context) => {
  const params = readShiftParams(context);
  if (reference === null) {
    return invalidVerdict(
      "drift",
      "There is no reference to compare with. Give one: data, or a saved profile.",
    );
  }
  try {
    return await judgeAnswers("drift", () => judge(window, reference, { params, context }));
  } catch (error) {
    const told = error instanceof ChecksError && error.code !== "SCANFLOW_CHECK_OPTION_INVALID";
    if (!told) throw error;
    return invalidVerdict("drift", error.message);
  }
};

async function judge(
  window: Dataset,
  reference: Dataset,
  { params, context }: { readonly params: ShiftParams; readonly context: CheckContext },
): Promise<Verdict> {
  const seedOf = (stream: string) => context.random(stream).below(2 ** 31);
  const now = await drawSide(window, seedOf("window"));
  if (now.total < params.minimumSample) return tooFew(now.name, now.total, params.minimumSample);
  const names = await findColumns(window, reference, params);
  if ("status" in names) return names;
  if (names.length === 0 && params.answers === null) {
    return invalidVerdict("drift", "There is no column to look at: give data, or name columns of answers.");
  }
  const before = await drawSide(reference, seedOf("reference"));
  const known = complete(before, names);
  const { detector, compared, halved } = await chooseDetector(known, names, { params, context });
  try {
    context.signal.throwIfAborted();
    const look = learnLooks(compared, { names, params, detector, random: context.random("table") });
    const [then, today] = [await look(compared), await look(complete(now, names))];
    if (then.batch.rows < FEWEST_REFERENCE) return tooFew(before.name, then.batch.rows, FEWEST_REFERENCE);
    if (today.batch.rows < params.minimumSample)
      return tooFew(now.name, today.batch.rows, params.minimumSample);
    context.signal.throwIfAborted();
    const test = prepareShiftTest(then.measured);
    const options = { rows: today.batch.rows, draws: params.simulations, seed: seedOf("windows") };
    const finding = test.calibrate(options)(today.measured);
    return shiftVerdict(finding, {
      params,
      detector,
      halved,
      reference: { ...before, batch: then.batch },
      window: { ...now, batch: today.batch },
      leftOut: now.batch.rows - today.batch.rows,
    });
  } finally {
    await detector?.close();
  }
}

/** The rows that have all their tensors: a profile keeps only the first ones, and without it there is nothing to see. */
function complete({ batch }: Side, names: readonly string[]): ColumnBatch {
  const tensors = names.flatMap((name) => {
    const column = columnOf(batch, name);
    return column?.kind === "tensor" && column.validity !== null ? [column.validity] : [];
  });
  if (tensors.length === 0) return batch;
  const rows = Array.from({ length: batch.rows }, (_, row) => row);
  return takeRows(
    batch,
    rows.filter((row) => tensors.every((validity) => isValid(validity, row))),
  );
}

function tooFew(name: string, rows: number, least: number): Verdict {
  return invalidVerdict(
    "drift",
    `${name} has ${rows} ${rows === 1 ? "row" : "rows"} that can be compared, and ${least} are the least: gather more.`,
  );
}
