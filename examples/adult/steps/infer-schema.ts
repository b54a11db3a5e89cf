import { writeFile } from "node:fs/promises";
import { inferSchema, writeSchema } from "@scanflow/checks/validation";
import type { StepContext } from "scanflow";
import { openDataset } from "scanflow/data";
import { LABEL } from "./shared/people.ts";

/** Writes down what the trusted people are like: the first draft of data/schema.yaml. */
export default async function infer({ inputs, outputs }: StepContext<"people", "schema">) {
  const schema = await inferSchema(await openDataset(inputs.people), { label: LABEL });
  await writeFile(outputs.schema, writeSchema(schema));
  return { columns: Object.keys(schema.columns).length };
}
