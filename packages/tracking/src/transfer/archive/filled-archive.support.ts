import { join } from "node:path";
import { temporaryFolder } from "../../store/temporary-folder.support.ts";
import { openTestTracking, type TestTracking } from "../../test-tracking.support.ts";
import type { Tracking } from "../../tracking.ts";
import { fullSource } from "../full-source.support.ts";
import { importSource } from "../import-source.ts";
import { exportExperiments } from "./export-archive.ts";

/** A tracker with the experiment `digits` of `fullSource`. */
export async function filled(): Promise<TestTracking> {
  const opened = await openTestTracking();
  await importSource(opened.tracking.context, fullSource());
  return opened;
}

/** An archive of the experiment `digits`, alone in a folder. */
export async function archiveOf(tracking: Tracking): Promise<string> {
  const out = join(await temporaryFolder(), "x.tar.gz");
  await exportExperiments(tracking, { experiments: ["digits"], out, refuseTaken: () => {} });
  return out;
}
