import type { CheckerParams } from "../checker/checker-params.ts";
import type { ModelRoles } from "./model-roles.ts";

/** The roles among a checker's params. @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param */
export function readRoles({ read, given, text, number, choice }: CheckerParams): ModelRoles {
  const positive = given("positive");
  const named =
    typeof positive === "number" || typeof positive === "boolean" ? String(positive) : text("positive");
  return {
    task: choice("task", ["classification", "regression"], "classification"),
    label: text("label"),
    prediction: text("prediction"),
    probabilities: readProbabilities(given("probabilities"), read),
    positive: named,
    weight: text("weight"),
    threshold: number("threshold", 0.5, [0, 1]),
  };
}

function readProbabilities(
  value: ReturnType<CheckerParams["given"]>,
  read: CheckerParams["read"],
): ModelRoles["probabilities"] {
  if (value === undefined || typeof value === "string") return value;
  const columns = Object.entries(read.object(value, "probabilities"));
  return Object.fromEntries(columns.map(([key, column]) => [key, read.text(column, `probabilities.${key}`)]));
}
