import type { PurgeTarget } from "@scanflow/tracking";
import { z } from "zod";
import type { Call, CommandFunction } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";
import { counted } from "../text/counted.ts";
import { size } from "../text/size.ts";
import { trackerOptions } from "../tracker-options.ts";

const Options = z.object({ ...trackerOptions, dryRun: z.boolean().default(false) });

export const purgeRuns: CommandFunction = (call) =>
  purge(call, { kind: "runs", runIds: call.arguments.filter((runId) => runId !== undefined) });

export const purgeExperiment: CommandFunction = (call) =>
  purge(call, { kind: "experiment", name: call.arguments[0] ?? "" });

async function purge({ options, directory, output }: Call, target: PurgeTarget): Promise<ExitCode> {
  const { store, artifacts, dryRun } = readOptions(Options, options);
  const [{ withTracking }, { purgeByName }] = await Promise.all([
    import("@scanflow/tracking/server"),
    import("@scanflow/tracking"),
  ]);
  const report = await withTracking({ store, artifacts, folder: directory }, (tracking) =>
    purgeByName(tracking, target, { dryRun }),
  );
  if (output.json) output.document(report);
  else {
    const { runIds, files, bytes } = report;
    for (const runId of runIds) output.line(`${dryRun ? "would remove" : "removed"} run ${runId}`);
    if (!dryRun) {
      output.line(`Removed ${counted(runIds.length, "run")} and ${counted(files, "file")}, ${size(bytes)}.`);
    }
  }
  return EXIT.done;
}
