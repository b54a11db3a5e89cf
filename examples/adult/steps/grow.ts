import { writeFile } from "node:fs/promises";
import type { StepContext } from "scanflow";
import { boost, type Feature, type Settings } from "./shared/boosted-trees.ts";
import { lightgbmFile } from "./shared/lightgbm-file.ts";
import { LABEL, NUMBERS, type Person, POSITIVE, readPeople, TEXTS } from "./shared/people.ts";

/** Grows boosted trees and writes them as LightGBM would. */
export default async function grow({
  inputs,
  outputs,
  params,
}: StepContext<"people", "model", Record<keyof Settings, number>>) {
  const people = await readPeople(inputs.people);
  const features = [
    ...NUMBERS.map(
      (name): Feature => ({
        name,
        levels: null,
        values: Float64Array.from(people, (person) => Number(person[name])),
      }),
    ),
    ...TEXTS.map((name) => codesOf(name, people)),
  ];
  const labels = people.map((person) => Number(person[LABEL] === POSITIVE));
  await writeFile(outputs.model, lightgbmFile(features, boost(features, labels, params)));
  return { rows: people.length, trees: params.rounds };
}

function codesOf(name: string, people: readonly Person[]): Feature {
  const levels = [...new Set(people.map((person) => person[name] ?? ""))]
    .filter((text) => text !== "")
    .sort();
  const codes = new Map(levels.map((text, code) => [text, code]));
  const values = Float64Array.from(people, (person) => codes.get(person[name] ?? "") ?? -1);
  return { name, levels, values };
}
