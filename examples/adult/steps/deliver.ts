import { writeFile } from "node:fs/promises";
import type { StepContext } from "scanflow";
import { type Person, readPeople, writeCsv } from "./shared/people.ts";
import { type Change, FAULTS, POISON } from "./shared/spoil.ts";

type Params = { readonly spoil: "nothing" | "faults" | "poison" };

/** New people as a source delivers them: as they are, with faults, or poisoned. */
export default async function deliver({
  inputs,
  outputs,
  params,
}: StepContext<"people" | "trusted", "people", Params>) {
  const people = (await readPeople(inputs.people)).slice(0, 3000);
  const trusted = await readPeople(inputs.trusted);
  const changes: readonly Change[] = { nothing: [], faults: FAULTS, poison: POISON }[params.spoil];
  const delivered = changes.reduce<readonly Person[]>((rows, change) => change(rows, trusted), people);
  await writeFile(outputs.people, writeCsv(Object.keys(delivered[0] ?? {}), delivered));
  return { rows: delivered.length };
}
