import type { CheckContext } from "../checker/checker.ts";
import type { JsonObject } from "../json/json.ts";
import { createJsonReader, type JsonReader } from "../json/json-reader.ts";
import type { ModelRoles } from "./model-roles.ts";

/** A checker's params, read one by one; each method throws SCANFLOW_CHECK_OPTION_INVALID at the param. */
export interface ModelParams {
  readonly read: JsonReader;
  readonly params: JsonObject;
  roles(): ModelRoles;
  /** @param otherwise its default. @param range of it, both ends included */
  number(name: string, otherwise: number, range: readonly [low: number, high: number]): number;
  choice<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice;
  texts(name: string): readonly string[] | undefined;
}

/** @param action what a right document looks like */
export function modelParams({ name, params }: CheckContext, action: string): ModelParams {
  const read = createJsonReader("SCANFLOW_CHECK_OPTION_INVALID", `The params of checker "${name}"`, action);
  const text = (key: string) => (params[key] === undefined ? undefined : read.text(params[key], key));

  function number(key: string, otherwise: number, [low, high]: readonly [number, number]): number {
    const value = read.finite(params[key] ?? otherwise, key);
    return value >= low && value <= high ? value : read.fail(key, value, `a number from ${low} to ${high}`);
  }

  function choice<Choice extends string>(key: string, choices: readonly Choice[], otherwise: Choice): Choice {
    return read.oneOf(choices, params[key] ?? otherwise, key);
  }

  function texts(key: string): readonly string[] | undefined {
    if (params[key] === undefined) return undefined;
    return read.list(params[key], key).map((value, at) => read.text(value, `${key}[${at}]`));
  }

  function probabilities(): ModelRoles["probabilities"] {
    const given = params.probabilities;
    if (given === undefined || typeof given === "string") return given;
    const columns = Object.entries(read.object(given, "probabilities"));
    return Object.fromEntries(columns.map(([key, value]) => [key, read.text(value, `probabilities.${key}`)]));
  }

  function roles(): ModelRoles {
    const positive = params.positive;
    const named =
      typeof positive === "number" || typeof positive === "boolean" ? String(positive) : text("positive");
    return {
      task: choice("task", ["classification", "regression"], "classification"),
      label: text("label"),
      prediction: text("prediction"),
      probabilities: probabilities(),
      positive: named,
      weight: text("weight"),
      threshold: number("threshold", 0.5, [0, 1]),
    };
  }

  return { read, params, roles, number, choice, texts };
}
