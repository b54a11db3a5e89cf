import type { Dataset } from "../checker/checker.ts";
import { findObstacle } from "../drift/drift-problem.ts";
import { columnProfile } from "../profile/profile-parts.ts";
import { invalidVerdict } from "../verdict/invalid-verdict.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { ShiftParams } from "./shift-params.ts";

/**
 * The columns to look at, which both sides have and which hold what can be compared; else the verdict that says which
 * column stands in the way, and what to do.
 */
export async function findColumns(
  window: Dataset,
  reference: Dataset,
  { columns, notData }: Pick<ShiftParams, "columns" | "notData">,
): Promise<readonly string[] | Verdict> {
  const known = await reference.profile();
  const now = await window.profile(known);
  const all = known.columns.map(({ name }) => name).filter((name) => !notData.includes(name));
  const names = columns ?? all;
  const unseen = now.columns.find(({ name }) => columns === null && ![...all, ...notData].includes(name));
  if (unseen !== undefined) {
    const action = `leave it out of ${window.name}, or name the columns to look at in "columns"`;
    return problem(unseen.name, `it is not in ${reference.name}: ${action}`);
  }
  for (const name of names) {
    const [before, after] = [columnProfile(known, name), columnProfile(now, name)];
    if (before === undefined || after === undefined) {
      const where = before === undefined ? reference.name : window.name;
      return problem(name, `it is not in ${where}: mend what fills it, or name other "columns"`);
    }
    const obstacle = findObstacle(before, after, { minimumSample: 1, constantColumns: "compare" });
    if (obstacle !== null) return problem(name, obstacle.message);
  }
  return names;
}

function problem(column: string, reason: string): Verdict {
  return invalidVerdict("drift", `"${column}" cannot be compared: ${reason}.`, column);
}
