import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import type { Client } from "../../api/index.ts";
import { refuseTaken } from "../../upkeep/index.ts";
import { onTracker } from "../any-tracker.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { followMessages } from "../follow-messages.ts";
import { untilInterrupted } from "../interrupt.ts";
import { checkFolderOf } from "../output-file.ts";
import { readOptions } from "../read-options.ts";
import { tellRuns } from "../tell-runs.ts";
import { counted } from "../text/counted.ts";
import { size } from "../text/size.ts";
import { upkeepOptions } from "../tracker-upkeep.ts";

const Options = z.object({
  ...upkeepOptions,
  out: z.string("must name a file").min(1, "must name a file"),
});

export const command: CommandFunction = async (call) => {
  const { options, directory, output } = call;
  const { tracker, store, artifacts, out: name } = readOptions(Options, options);
  const out = resolve(directory, name);
  await checkFolderOf(out);
  const experiments = call.arguments.filter((one) => one !== undefined);
  const onRun = tellRuns(output);
  const { exportExperiments } = await import("@scanflow/tracking/transfer");
  const exported = await untilInterrupted((signal) => {
    const asked = { experiments, out, refuseTaken, onRun, signal };
    const owned = async (client: Client) => {
      const { kind: _, ...done } = await followMessages(client.tracker.export({ experiments, out }), onRun);
      return done;
    };
    return onTracker(
      call,
      { tracker, store, artifacts },
      {
        alone: (open) => open((tracking) => exportExperiments(tracking, asked)),
        served: (server) => exportExperiments(server, asked),
        owned,
      },
    );
  });
  if (!exported) return EXIT.interrupted;
  const bytes = (await stat(out)).size;
  if (output.json) output.document({ out, bytes, ...exported });
  else {
    const { runs, files, versions, loggedModels } = exported;
    const models = `${counted(loggedModels, "logged model")}, ${counted(versions, "version")} of models`;
    output.line(
      `Wrote ${name}: ${counted(exported.experiments, "experiment")}, ${counted(runs, "run")}, ${models} and ${counted(files, "file")}, ${size(bytes)}.`,
    );
    output.line(`Take it over elsewhere with "scanflow import ${name}".`);
  }
  return EXIT.done;
};
