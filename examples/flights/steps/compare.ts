import { readFile, writeFile } from "node:fs/promises";
import { datasetOf, parseProfile, parseVerdict, renderFigure, type Verdict } from "@scanflow/checks";
import type { StepContext } from "scanflow";
import { readBatches } from "scanflow/data";
import { distancesOf, RULES, ringing } from "./shared/rules-of-thumb.ts";

/** What the calibrated verdict says of each month, and beside it what distances with a fixed threshold say. */
export default async function compare({ inputs, outputs, metric }: StepContext<string, "table" | "picture">) {
  const reference = parseProfile(await readFile(inputs.reference ?? "", "utf8"));
  const columns = reference.columns.map(({ name }) => name).filter((name) => name !== "departs");
  const months = Object.keys(inputs).flatMap((name) => /^flights-(.+)$/.exec(name)?.[1] ?? []);
  const rows = [];
  for (const month of months) {
    const verdict = parseVerdict(await readFile(inputs[`check-${month}`] ?? "", "utf8"));
    const data = datasetOf(month, () => readBatches(inputs[`flights-${month}`] ?? ""));
    const distances = distancesOf(reference, await data.profile(reference));
    const rules = Object.fromEntries(RULES.map((rule) => [rule, ringing(distances, rule)]));
    const effects = columns.map((column) => effectOf(verdict.evidence, column));
    rows.push({ month, status: verdict.status, columns: verdict.columns, effects, rules, distances });
  }
  await writeFile(outputs.table, JSON.stringify(rows, null, 2));
  const picture = renderFigure({
    kind: "grid",
    title: "How far each month lies from the reference",
    x: "column",
    y: "month: effect over all flights or at the worst airport, less what chance shows",
    rows: rows.map(({ month, status }) => `${month} ${status}`),
    columns,
    values: rows.map(({ effects }) => effects),
  });
  await writeFile(outputs.picture, picture);
  for (const { month, status, columns: named, rules } of rows) {
    const rang = status === "alarm" ? `: ${named.join(", ")}` : "";
    const thumb = RULES.map((rule) => `${rule} ${rules[rule]?.join(", ") || "–"}`).join("; ");
    console.log(`${month} ${status}${rang}\n        of 0.1 or more: ${thumb}`);
  }
  const alarms = rows.filter(({ status }) => status === "alarm").map(({ month }) => month);
  metric("alarms", alarms.length);
  return { alarms };
}

/** The greatest effect of a column and of its slices. */
function effectOf(evidence: Verdict["evidence"], column: string): number {
  const own = Object.entries(evidence).filter(([name]) => name === column || name.startsWith(`${column} [`));
  const effects = own.map(([, { effect, effectByChance }]) => Number(effect) - Number(effectByChance));
  return Math.max(0, Math.round(1000 * Math.max(...effects)) / 1000);
}
