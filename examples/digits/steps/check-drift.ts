import { readFile } from "node:fs/promises";
import { checkDrift, parseProfile } from "@scanflow/checks";
import type { StepContext } from "scanflow";
import { pixelColumns, readDigits } from "./shared/digit-table.ts";
import { writeJson } from "./shared/model-file.ts";

type Params = { readonly significance: number; readonly minimumEffect: number };

/** Judges a batch against the profile of the training pixels. */
export default async function checkBatch({
  inputs,
  outputs,
  params,
  metric,
}: StepContext<"profile" | "batch", "verdict", Params>) {
  const reference = parseProfile(await readFile(inputs.profile, "utf8"));
  const batch = await readDigits(inputs.batch);
  // Some pixels at the rim are white in every training image: they should ring if that changes.
  const verdict = checkDrift(reference, pixelColumns(batch), { ...params, constantColumns: "compare" });
  await writeJson(outputs.verdict, verdict);
  console.log(`drift: ${verdict.status}. ${verdict.message}`);
  const drifted = Object.values(verdict.evidence).filter(({ status }) => status === "alarm").length;
  metric("driftedColumns", drifted);
  return { status: verdict.status, drifted };
}
