import type { JsonObject } from "../../json/json.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { numberWords } from "../fault-words.ts";
import { faultsVerdict } from "../integrity-verdict.ts";
import type { SanityFindings } from "./findings.ts";
import { sanityFigures } from "./sanity-figures.ts";

export function sanityVerdict(findings: SanityFindings): Verdict {
  const { window, options, columns, rows, compared } = findings;
  const faults = [...columns.faults, ...rows, ...(compared?.faults ?? [])];
  const many = faults.length === 1 ? "1 thing" : `${faults.length} things`;
  return faultsVerdict({
    faults,
    sound: `${numberWords(window.profile.rows)} rows of "${window.name}" show nothing that makes them unfit to learn from or to be judged on${missing(findings)}.`,
    head: `${many} to see to in "${window.name}"`,
    facts: new Map(
      columns.predictors.map(({ column, skill, low, high, byChance }): [string, JsonObject] => [
        column,
        { skill, low, high, byChance },
      ]),
    ),
    figures: sanityFigures(findings, options.label),
  });
}

/** What was not looked at, for want of something. */
function missing({ reference, options: { label } }: SanityFindings): string {
  if (label === undefined) return '; leaks of a label, its classes and conflicts need the param "label"';
  return reference === null ? "; what is in a reference, too, needs one" : "";
}
