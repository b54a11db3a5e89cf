import { writeFile } from "node:fs/promises";
import type { StepContext } from "scanflow";
import { fitModel } from "./shared/logistic-regression.ts";
import { LABEL, POSITIVE, readPeople } from "./shared/people.ts";

type Params = { readonly steps: number; readonly rate: number; readonly ridge: number };

/** Fits a logistic regression by Adam over all rows. */
export default async function train({ inputs, outputs, params }: StepContext<"people", "model", Params>) {
  const people = await readPeople(inputs.people);
  const model = fitModel(
    people,
    people.map((person) => Number(person[LABEL] === POSITIVE)),
    params,
  );
  await writeFile(outputs.model, JSON.stringify(model));
  return { rows: people.length, weights: Object.keys(model.weights).length };
}
