import { readFile, writeFile } from "node:fs/promises";
import type { StepContext } from "scanflow";
import { type Model, predict } from "./shared/logistic-regression.ts";
import { LABEL, NUMBERS, POSITIVE, readPeople, TEXTS, writeCsv } from "./shared/people.ts";

/** What the model says of people it has not seen: the first half is what it is held to, the second is new. */
export default async function answer({
  inputs,
  outputs,
}: StepContext<"model" | "people", "reference" | "window">) {
  const model = JSON.parse(await readFile(inputs.model, "utf8")) as Model;
  const answers = (await readPeople(inputs.people)).map((person) => {
    const probability = predict(model, person);
    return {
      ...person,
      probability: probability.toFixed(6),
      prediction: probability >= 0.5 ? POSITIVE : "<=50K",
    };
  });
  const columns = [...NUMBERS, ...TEXTS, LABEL, "probability", "prediction"];
  const half = Math.floor(answers.length / 2);
  await writeFile(outputs.reference, writeCsv(columns, answers.slice(0, half)));
  await writeFile(outputs.window, writeCsv(columns, answers.slice(half)));
  return { reference: half, window: answers.length - half };
}
