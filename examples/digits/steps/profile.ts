import { writeFile } from "node:fs/promises";
import { profileColumns } from "@scanflow/checks";
import type { StepContext } from "scanflow";
import { pixelColumns, readDigits } from "./shared/digit-table.ts";

type Params = { readonly seed: number };

/** Keeps of the training pixels what later batches are judged against. */
export default async function profile({ inputs, outputs, params }: StepContext<"train", "profile", Params>) {
  const train = await readDigits(inputs.train);
  const reference = profileColumns(pixelColumns(train), { seed: params.seed });
  await writeFile(outputs.profile, JSON.stringify(reference));
}
