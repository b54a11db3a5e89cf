import { basename } from "node:path";
import type { DataOptions } from "../../data/index.ts";
import type { Output } from "../output.ts";
import { LiveRegion } from "../progress/live-region.ts";

type Told = Parameters<NonNullable<DataOptions["progress"]>>[0];

/** A line that says how far the reading is: only where a person watches, and only when it takes long. */
export interface ReadingLine {
  told(path: string, told: Told): void;
  close(): void;
}

const SOON_MS = 500;
const EVERY_MS = 100;

export function readingLine(output: Output): ReadingLine {
  const region = new LiveRegion(output.out);
  const begun = performance.now();
  let last = 0;
  function told(path: string, { rows, share }: Told): void {
    const now = performance.now();
    if (!output.terminal || output.json || now - begun < SOON_MS || now - last < EVERY_MS) return;
    last = now;
    const part = share === null ? "" : ` (${Math.round(share * 100)} %)`;
    region.draw([`Reading ${basename(path)}: ${rows.toLocaleString("en")} rows${part}`]);
  }
  return { told, close: () => region.close({ keep: false }) };
}
