import { pValueText } from "../statistics/p-value-text.ts";
import type { VerdictStatus } from "../verdict/verdict.ts";
import type { DriftEvidence } from "./drift-verdict.ts";

const NAMED = 5;

type Columns = readonly (readonly [string, DriftEvidence])[];

/** The verdict's message: what was found, in which columns, and what to do. @param slices whether some are judged */
export function describeDrift(status: VerdictStatus, evidence: Columns, slices: boolean): string {
  if (evidence.length === 0) {
    return "There is nothing to compare: neither the reference nor the window has a column. Give both at least one.";
  }
  const invalid = evidence.filter(([, column]) => column.status === "invalid");
  const judged = evidence.length - invalid.length;
  const sentences = [];
  const compared = (total: number) =>
    `${total} ${slices ? "columns and slices" : total === 1 ? "column" : "columns"}`;
  if (invalid.length > 0) {
    const reasons = named(invalid, ([name, column]) => `"${name}": ${column.message}`, "; ");
    sentences.push(`${invalid.length} of ${compared(evidence.length)} could not be judged: ${reasons}.`);
  }
  const drifted = loudest(evidence, "alarm");
  if (drifted.length > 0) {
    sentences.push(
      `${drifted.length} of ${compared(judged)} drifted: ${named(drifted, figures, ", ")}.`,
      "See what has changed in their source, then check the model on labelled rows of this window.",
    );
  }
  const moved = loudest(evidence, "warning");
  if (moved.length > 0) {
    sentences.push(
      `${moved.length} of ${compared(judged)} moved by less than the minimum effect: ${named(moved, figures, ", ")}.`,
    );
  }
  if (status === "ok") sentences.push(`None of ${compared(judged)} drifted.`);
  return sentences.join("\n");
}

/** The columns of one status, the largest effect for its minimum first. */
export function loudest(evidence: Columns, status: VerdictStatus): Columns {
  const found = evidence.filter(([, column]) => column.status === status);
  return found.sort(([, a], [, b]) => loudness(b) - loudness(a));
}

function loudness({ effect, minimumEffect }: DriftEvidence): number {
  return (effect ?? 0) / (minimumEffect || 1);
}

function figures([
  name,
  { status, effect, effectName, adjustedPValue, missing, newTexts },
]: Columns[number]): string {
  const parts = [];
  if (missing?.status === status) {
    parts.push(`missing ${percent(missing.reference)} → ${percent(missing.current)}`);
  }
  if (effect !== null) parts.push(`${effectName} ${effect.toFixed(2)}`);
  if (newTexts.length > 0)
    parts.push(
      `new: ${newTexts
        .slice(0, 3)
        .map((text) => JSON.stringify(text))
        .join(", ")}`,
    );
  const p =
    missing?.status === status ? Math.min(missing.adjustedPValue, adjustedPValue ?? 1) : adjustedPValue;
  return `"${name}" (${parts.join(", ")}, adjusted p ${pValueText(p ?? 1)})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function named(columns: Columns, show: (column: Columns[number]) => string, separator: string): string {
  const shown = columns.slice(0, NAMED).map(show);
  if (columns.length > NAMED) shown.push(`and ${columns.length - NAMED} more`);
  return shown.join(separator);
}
