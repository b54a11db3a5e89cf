import type { RunEvent } from "@scanflow/core";
import { stateFolder, takeLock } from "scanflow/engine";
import { openOwner } from "scanflow/server";
import { killPlan } from "./workflow.ts";

/**
 * An owner that ends itself with SIGKILL: `owner.ts ROOT start|resume|look WHERE`, where WHERE is `never`,
 * `journal:after:SEQ` (once the event with this number is stored), or `journal:before:EVENT`, `journal:after:EVENT`,
 * `ledger:before:EVENT`, `ledger:after:EVENT` (just before or after the first write to the journal or the tracker that
 * comes from such an event). It prints the run's id and, if it lives, the run's status.
 */
const [root = "", mode = "", where = "never"] = process.argv.slice(2);
const [store, side, what = ""] = where.split(":");

function probe(point: string, events: readonly RunEvent[]): void {
  if (point !== `${store}:${side}`) return;
  const hit = events.some(({ seq, event }) => (/^\d+$/.test(what) ? seq >= Number(what) : event === what));
  if (hit) process.kill(process.pid, "SIGKILL");
}

const lock = takeLock(stateFolder(root).lock);
if (!lock) throw new Error("the folder is owned");
process.chdir(root);
const owner = await openOwner(root, lock, { listen: false, probe });
const { engine } = owner.rooms;
if (mode === "look") {
  await owner.close();
  process.exit();
}
const [known] = await engine.journal.runs();
// Killed with its end stored: there is nothing left to resume.
const over = mode === "resume" && known && known.finished !== null ? known : null;
if (over) {
  process.stdout.write(`${JSON.stringify({ run: over.run, status: over.status })}\n`);
  await owner.close();
  process.exit();
}
const run = mode === "start" || !known ? await engine.start(killPlan()) : await engine.resume(known.run);
await run.rest();
process.stdout.write(`${JSON.stringify({ run: run.id, status: run.status })}\n`);
await owner.close();
