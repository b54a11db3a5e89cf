import { checkContext, driftChecker } from "@scanflow/checks";
import { openDataset } from "scanflow/data";
import { measure } from "../measure.ts";

/** A file profiled, and compared with another where one is named, in a process of its own. */
const [current = "", reference = ""] = process.argv.slice(2);
let rows = 0;
const cost = await measure(async () => {
  const window = await openDataset(current);
  if (reference === "") {
    rows = (await window.profile()).rows;
    return;
  }
  const known = await openDataset(reference);
  const verdict = await driftChecker(window, known, checkContext("drift"));
  if (verdict.status === "invalid") throw new Error(verdict.message);
  rows = (await window.profile(await known.profile())).rows;
});
process.stdout.write(`${JSON.stringify({ ...cost, rows })}\n`);
