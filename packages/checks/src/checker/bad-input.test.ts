import { expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../json/json.ts";
import { runtime } from "../nn/nn.support.ts";
import { renderReport } from "../report/index.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { BAD_TABLES, HARMS, harmed, ROWS, soundTable } from "./bad-tables.test.support.ts";
import { BUILT_INS } from "./built-ins.ts";
import { checkContext } from "./check-context.ts";
import type { Dataset } from "./checker.ts";
import { type BatchSource, datasetOf } from "./dataset-of.ts";
import { complaintsOf } from "./told-well.test.support.ts";

/** Params by their names, for every checker that knows them. */
const USUAL: JsonObject = {
  label: "label",
  prediction: "said",
  probabilities: "score",
  positive: "yes",
  id: "id",
  groups: ["colour"],
  column: "x",
  minimumSample: 30,
  minimumCases: 5,
  repeats: 19,
};

/** Where the usual ones are not enough: instead of, or beside them. */
const OWN: Readonly<Record<string, readonly JsonObject[]>> = {
  performance: [{ weight: "weight" }, { label: "value", prediction: "guess", task: "regression" }],
  slices: [{}, { label: "value", prediction: "guess", task: "regression" }],
  "prediction-drift": [{}, { prediction: "guess", task: "regression" }],
  skew: [{ columns: ["x", "colour"] }],
  importance: [{ columns: ["x", "z"] }, {}],
  detector: [{ kind: "pca" }],
  shift: [
    { kind: "none", simulations: 100 },
    { task: "regression", prediction: "guess", columns: ["x", "colour"], simulations: 100 },
  ],
  "stream-detector": [{ detector: "adwin" }, { detector: "ddm", column: "flag" }],
  "model-tests": [
    {
      tests: {
        ...{ label: "label", prediction: "said", positive: "yes" },
        tests: [
          { metric: "recall", min: 0.1 },
          { metric: "accuracy", min: 0.1, where: { colour: "red", x: { from: 1 } }, minimumSample: 5 },
        ],
      },
    },
  ],
};

function paramsOf(name: string): readonly JsonObject[] {
  const known = Object.keys(BUILT_INS[name]?.params ?? {});
  return (OWN[name] ?? [{}]).map((own) => {
    const usual = own.task === "regression" ? { minimumSample: 30 } : USUAL;
    const fitting = Object.entries(usual).filter(([param]) => known.includes(param));
    return { ...Object.fromEntries(fitting), ...own };
  });
}

/** The columns that params name, and one of each kind that a checker without such params looks at. */
function harmedColumns(params: JsonObject): readonly (readonly string[])[] {
  const names = soundTable(0).columns.map(({ name }) => name);
  const named = new Set(textsIn(params).filter((text) => names.includes(text)));
  const single = named.size > 0 ? [...named] : ["x", "colour", "image"];
  return [...single.map((name) => [name]), names];
}

function textsIn(value: JsonValue): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return [...Object.keys(value), ...Object.values(value as JsonObject).flatMap(textsIn)];
}

interface Case {
  readonly what: string;
  readonly window: BatchSource;
  readonly reference: BatchSource;
}

function* casesOf(params: JsonObject): Generator<Case> {
  const sound = soundTable(ROWS, 2);
  for (const [what, make] of Object.entries(BAD_TABLES)) {
    yield { what, window: make(), reference: sound };
    yield { what: `${what}, on both sides`, window: make(), reference: make() };
  }
  for (const columns of harmedColumns(params)) {
    for (const harm of Object.keys(HARMS)) {
      const what = `${columns.length === 1 ? columns[0] : "every column"}: ${harm}`;
      yield { what, window: harmed(columns, harm), reference: sound };
      if (columns.length > 1)
        yield {
          what: `${what}, on both sides`,
          window: harmed(columns, harm),
          reference: harmed(columns, harm, 2),
        };
    }
  }
}

/** A verdict that was drawn as well, or the error. */
async function answer(name: string, params: JsonObject, sides: Omit<Case, "what">): Promise<unknown> {
  const window = datasetOf("window", sides.window);
  try {
    const checker = await BUILT_INS[name]?.load();
    const context = checkContext(name, { params, onnx: runtime });
    const verdict = await checker?.(window, datasetOf("reference", sides.reference), context);
    if (verdict?.figures !== undefined) await drawn(verdict, window);
    return verdict;
  } catch (error) {
    return error;
  }
}

async function drawn(verdict: Verdict, window: Dataset): Promise<void> {
  const profile = await window.profile();
  const current = { name: window.name, profile };
  renderReport({ title: "bad", current, reference: null, checks: [{ name: "check", verdict }] });
}

test.each(Object.keys(BUILT_INS))("%s judges what is sound, and tells what is not", async (name) => {
  const complaints: string[] = [];
  for (const params of paramsOf(name)) {
    const sound = await answer(name, params, { window: soundTable(), reference: soundTable(ROWS, 2) });
    expect(["ok", "warning", "alarm"], String((sound as Verdict).message)).toContain(
      (sound as Verdict).status,
    );
    for (const { what, ...sides } of casesOf(params)) {
      const found = complaintsOf(await answer(name, params, sides));
      complaints.push(...found.map((complaint) => `${what}: ${complaint}`));
    }
  }
  expect(complaints).toEqual([]);
});
