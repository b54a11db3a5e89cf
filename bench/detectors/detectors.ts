import { oneClass } from "./one-class.ts";

/** `npm run bench -- detectors [short]`: how much detectors find on real data. */
export async function run(): Promise<void> {
  await oneClass({ short: process.argv.includes("short") });
}
