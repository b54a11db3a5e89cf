import { ChecksError } from "../../errors.ts";
import type { JsonObject } from "../../json/json.ts";
import { gravest } from "../../verdict/gravity.ts";
import type { Verdict, VerdictStatus } from "../../verdict/verdict.ts";
import type { CheckContext, Checker, Dataset, PredictRows } from "../checker.ts";
import { checkerParams } from "../checker-params.ts";
import type { InvarianceTest, LatencyTest, ModelTest, ModelTests } from "./model-test.ts";
import { parseModelTests } from "./parse-model-tests.ts";
import {
  type Measured,
  measureInvariance,
  measureLatency,
  measureMetrics,
  type Unmeasured,
  unmeasured,
} from "./run-model-tests.ts";

/**
 * Does a model pass its tests? Measures figures overall and by slice, invariance and latency, and holds each to the
 * limits of the file. The evidence has an entry per test, by its name.
 *
 * - `alarm`: a test is outside its limits
 * - `invalid`: a test could not be made (no such column, too few rows, no predictor); the others are made all the same
 *
 * Params: `tests`, the document of `parseModelTests`.
 *
 * @throws ChecksError SCANFLOW_MODEL_TESTS_INVALID, SCANFLOW_CHECK_OPTION_INVALID, SCANFLOW_PREDICTOR_INVALID
 */
export const modelTestsChecker: Checker = async (window, _reference, context) => {
  const params = checkerParams(context, 'Give {"tests"}, the document of the tests.');
  const document = parseModelTests(params.given("tests"));
  params.refuseOthers();
  const predict = await predictorOf(document, context);
  const measured = await measureAll(window, document, { context, predict });
  const evidence = document.tests.map((test): [string, TestEvidence] => [
    test.name,
    judged(test, measured.get(test.name) ?? { problem: "it was not made" }),
  ]);
  return summarise(evidence);
};

async function predictorOf(
  { predictor, roles }: ModelTests,
  { openPredictor }: CheckContext,
): Promise<PredictRows | null> {
  if (predictor === null) return null;
  if (openPredictor !== undefined) return openPredictor(predictor, roles);
  throw new ChecksError(
    "SCANFLOW_PREDICTOR_INVALID",
    `The predictor "${predictor}" cannot be run here: give the context openPredictor, or the predictions as a column.`,
  );
}

interface Making {
  readonly context: CheckContext;
  readonly predict: PredictRows | null;
}

async function measureAll(
  window: Dataset,
  document: ModelTests,
  { context, predict }: Making,
): Promise<Map<string, Measured | Unmeasured>> {
  const { roles, tests } = document;
  const { signal, now } = context;
  const measured = new Map(await measureMetrics(window, document, { predict, signal }));

  async function measure(test: InvarianceTest | LatencyTest): Promise<Measured | Unmeasured> {
    if (predict === null) return { problem: 'it needs a model: name it as "predictor"' };
    if (test.kind === "invariance") return measureInvariance(window, test, { predict, roles });
    if (now === undefined) return { problem: "there is no clock here: give the context now" };
    return measureLatency(window, test, { predict, roles, now });
  }

  for (const test of tests) {
    if (test.kind === "metric") continue;
    signal.throwIfAborted();
    measured.set(test.name, await measure(test).catch(unmeasured));
  }
  return measured;
}

type TestEvidence = JsonObject & { readonly status: VerdictStatus };

function judged(test: ModelTest, measured: Measured | Unmeasured): TestEvidence {
  const limits = limitsOf(test);
  if ("problem" in measured) {
    return { status: "invalid", kind: test.kind, ...limits, value: null, message: measured.problem };
  }
  const { value, low, high, rows } = measured;
  const confident = test.kind === "metric" && test.confident;
  const [least, most] = confident ? [low ?? value, high ?? value] : [value, value];
  const passed = (limits.min === null || least >= limits.min) && (limits.max === null || most <= limits.max);
  return { status: passed ? "ok" : "alarm", kind: test.kind, value, low, high, ...limits, rows };
}

function limitsOf(test: ModelTest): { readonly min: number | null; readonly max: number | null } {
  if (test.kind === "latency") return { min: null, max: test.p95Ms };
  return { min: test.kind === "metric" ? test.min : null, max: test.max };
}

function summarise(evidence: readonly (readonly [string, TestEvidence])[]): Verdict {
  const of = (status: VerdictStatus) => evidence.filter(([, own]) => own.status === status);
  const status = gravest(evidence.map(([, own]) => own.status));
  const sentences = of("invalid").map(([name, { message }]) => `"${name}" could not be tested: ${message}.`);
  const failed = of("alarm");
  if (failed.length > 0) {
    const told = failed.slice(0, 5).map(([name, own]) => `"${name}" (${figureText(own)})`);
    if (failed.length > 5) told.push(`and ${failed.length - 5} more`);
    sentences.push(`${failed.length} of ${evidence.length} tests failed: ${told.join(", ")}.`);
    sentences.push("Do not register the model: see what it errs on, and train it again.");
  }
  if (status === "ok") sentences.push(`All ${evidence.length} tests passed.`);
  return {
    status,
    kind: "performance",
    message: sentences.join(" "),
    columns: [...of("alarm"), ...of("invalid")].map(([name]) => name),
    evidence: Object.fromEntries(evidence),
  };
}

function figureText({ value, min, max }: JsonObject): string {
  const shown = (figure: unknown) =>
    typeof figure === "number" ? Number(figure.toPrecision(3)).toString() : "";
  const limit =
    typeof min === "number" && Number(value) < min ? `at least ${shown(min)}` : `at most ${shown(max)}`;
  return `${shown(value)}, wanted ${limit}`;
}
