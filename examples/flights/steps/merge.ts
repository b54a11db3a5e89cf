import { readFile, writeFile } from "node:fs/promises";
import { checkDrift, mergeProfiles, type Profile, parseProfile } from "@scanflow/checks";
import type { StepContext } from "scanflow";

/**
 * Merges the profiles of the months into the reference. Before that, each month is judged by all the others: months
 * in which nothing happened should not ring, and what rings here would ring later, too.
 */
export default async function merge({ inputs, outputs, metric }: StepContext<string, "profile">) {
  const months = await Promise.all(
    Object.values(inputs).map(async (path) => parseProfile(await readFile(path, "utf8"))),
  );
  const quiet = months.filter((month) => {
    const others = months.filter((other) => other !== month);
    return checkDrift(others.reduce(mergeProfiles), month).status !== "alarm";
  });
  const reference: Profile = months.reduce(mergeProfiles);
  await writeFile(outputs.profile, JSON.stringify(reference));
  metric("quietMonths", quiet.length);
  console.log(`${reference.rows} flights of ${months.length} months; ${quiet.length} are like the others.`);
  return { rows: reference.rows, months: months.length, quiet: quiet.length };
}
