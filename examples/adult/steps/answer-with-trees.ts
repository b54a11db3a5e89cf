import { writeFile } from "node:fs/promises";
import { columnOf, gatherRows } from "@scanflow/checks";
import type { StepContext } from "scanflow";
import { openDataset } from "scanflow/data";
import predict from "./predict.ts";
import { LABEL, NUMBERS, readPeople, TEXTS, writeCsv } from "./shared/people.ts";

/** What the trees say of people they have not seen. */
export default async function answer({ inputs, outputs }: StepContext<"model" | "people", "answers">) {
  const said = await predict(await gatherRows(await openDataset(inputs.people)), { inputs });
  const [prediction, probability] = [columnOf(said, "prediction"), columnOf(said, "probability")];
  if (prediction?.kind !== "text" || probability?.kind !== "number")
    throw new Error("predict.ts answers otherwise");
  const answers = (await readPeople(inputs.people)).map((person, row) => ({
    ...person,
    prediction: prediction.dictionary[prediction.codes[row] ?? 0] ?? "",
    probability: probability.values[row]?.toFixed(6) ?? "",
  }));
  await writeFile(
    outputs.answers,
    writeCsv([...NUMBERS, ...TEXTS, LABEL, "prediction", "probability"], answers),
  );
  return { rows: said.rows };
}
