import { cpus } from "node:os";
import { line } from "../measure.ts";
import type { Form } from "./form.ts";

/** The rows of the table: each is one file that measures and prints. */
const ROWS: Readonly<Record<string, () => Promise<{ row(form: Form): Promise<void> }>>> = {
  summarize: () => import("./summarize-row.ts"),
  evidently: () => import("./evidently-row.ts"),
  stream: () => import("./stream-row.ts"),
  autoencoder: async () => ({ row: (await import("./autoencoder.ts")).run }),
  "stream-detectors": async () => ({ row: (await import("./stream-detectors.ts")).run }),
};

/**
 * `npm run bench -- checks [short|long] [ROW]`: what profiles and checks cost beside their peers. The short form takes some four
 * minutes; the long one has Evidently at its full size and more pairs.
 */
export async function run(): Promise<void> {
  const form: Form = process.argv[3] === "long" ? "long" : "short";
  line(`node ${process.versions.node}, ${cpus().length} cores; the built package, ${form}`);
  const [only] = process.argv.slice(4);
  for (const [name, load] of Object.entries(ROWS)) {
    if (only === undefined || only === name) await (await load()).row(form);
  }
}
