import type { JsonObject } from "../json/json.ts";
import type { Verdict, VerdictStatus } from "../verdict/verdict.ts";
import { type CarryingColumn, carryingColumns } from "./carrying-columns.ts";
import type { Judged } from "./judged.ts";
import { changedPixels } from "./pixels.ts";
import { shiftFigures } from "./shift-figures.ts";
import type { PartFinding, ShiftFinding } from "./test/shift-test.ts";

/** Where the evidence of the rows as a whole stands. */
const WHOLE = "all columns";

const NAMED = 5;

/** One verdict over all that was looked at. */
export function shiftVerdict(finding: ShiftFinding, judged: Judged): Verdict {
  const { params, window, reference } = judged;
  const { significance, minimumEffect, simulations } = params;
  const isFound = finding.pValue <= significance;
  const largest = finding.parts.reduce((most, part) => (excess(part) > excess(most) ? part : most));
  const status = !isFound ? "ok" : excess(largest) >= minimumEffect ? "alarm" : "warning";
  const columns = carryingColumns(finding, judged);
  const carrying = columns.filter(({ carries }) => isFound && carries);
  const own = carrying.map(({ name }) => name);
  const named = isFound && own.length === 0 ? changedPixels(judged) : own;
  const seenBy = finding.parts
    .filter(({ pValue }) => pValue <= significance)
    .sort((a, b) => a.pValue - b.pValue || excess(b) - excess(a));
  const told = isFound ? foundText(finding, { status, seenBy, carrying, minimumEffect }) : okText(finding);
  return {
    status,
    kind: "drift",
    message: [told, basisText(judged)].join("\n"),
    columns: named.slice(0, 2 * NAMED),
    evidence: {
      [WHOLE]: {
        status,
        pValue: finding.pValue,
        part: largest.name,
        effect: largest.effect,
        effectByChance: largest.effectByChance,
        effectName: largest.effectName,
        minimumEffect,
        parts: finding.parts.map((part) => ({ ...partEvidence(part), sees: seenBy.includes(part) })),
        calibration: {
          basis: reference.basis,
          referenceRows: reference.batch.rows,
          rows: window.batch.rows,
          simulations,
          significance,
          leftOut: judged.leftOut,
        },
      },
      ...Object.fromEntries(
        columns.map(({ name, carries, ...rest }): [string, JsonObject] => [
          name,
          {
            status: !isFound || !carries ? "ok" : excess(rest) < minimumEffect ? "warning" : status,
            ...rest,
            minimumEffect,
          },
        ]),
      ),
    },
    figures: shiftFigures(finding, judged, columns),
  };
}

/** Small windows show large effects by chance alone: only what exceeds that counts. */
function excess({ effect, effectByChance }: Pick<PartFinding, "effect" | "effectByChance">): number {
  return effect - effectByChance;
}

function partEvidence(part: PartFinding): JsonObject {
  const { name, pValue, effect, effectByChance, effectName } = part;
  const message = `${partText(part)}, p ${pValue.toPrecision(2)}`;
  return { part: name, message, pValue, effect, effectByChance, effectName };
}

function partText({ name, effectName, effect, effectByChance }: PartFinding): string {
  return `${name} (${effectName} ${effect.toFixed(2)}, ${effectByChance.toFixed(2)} by chance)`;
}

function okText({ pValue, parts }: ShiftFinding): string {
  const looked = parts.map(({ name }) => name).join(", ");
  return `The rows as a whole are like the reference (p ${pValue.toPrecision(2)}; looked at: ${looked}).`;
}

interface Found {
  readonly status: VerdictStatus;
  readonly seenBy: readonly PartFinding[];
  readonly carrying: readonly CarryingColumn[];
  readonly minimumEffect: number;
}

function foundText({ pValue }: ShiftFinding, { status, seenBy, carrying, minimumEffect }: Found): string {
  const parts = seenBy.map(partText);
  const by = parts.length === 0 ? "all parts together, none by itself" : parts.join(", ");
  const places = carrying.map(({ name, with: other }) =>
    [name, ...(other === null ? [] : [other])].map((one) => `"${one}"`).sort(),
  );
  const most = [...new Set(places.map((names) => names.join(" with ")))].slice(0, NAMED);
  const action =
    status === "alarm"
      ? "See what changed in their source, then check the model on labelled rows of this window."
      : `No effect exceeds chance by ${minimumEffect}: too little to act on.`;
  return [
    `The rows as a whole are not like the reference (p ${pValue.toPrecision(2)}), seen by ${by}.`,
    ...(most.length > 0 ? [`Most in ${most.join(", ")}.`] : []),
    action,
  ].join("\n");
}

/** What the threshold rests on. */
function basisText({ reference, window, halved, leftOut, params }: Judged): string {
  const { batch, basis, total } = reference;
  const count = (rows: number) => rows.toLocaleString("en");
  const which = {
    "all-rows": `${count(batch.rows)} rows of the reference`,
    "drawn-rows": `${count(batch.rows)} of ${count(total)} rows of the reference`,
    reservoir: `${count(batch.rows)} of the rows that the profile kept of ${count(total)}`,
  }[basis];
  const rest = halved ? ", which the detector did not learn from" : "";
  const part = window.basis === "all-rows" ? "" : ` (of ${count(window.total)})`;
  const left =
    leftOut === 0 ? "" : ` ${count(leftOut)} were left out: a pixel or an answer is missing in them.`;
  return (
    `Calibrated at ${count(window.batch.rows)} rows${part} by ${count(params.simulations)} windows ` +
    `drawn from ${which}${rest}.${left}`
  );
}
