import { resolve } from "node:path";
import { z } from "zod";
import { onTracker } from "../any-tracker.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { followMessages } from "../follow-messages.ts";
import { untilInterrupted } from "../interrupt.ts";
import { readOptions } from "../read-options.ts";
import { tellRuns } from "../tell-runs.ts";
import { counted } from "../text/counted.ts";
import { trackerCredentials } from "../tracker-credentials.ts";
import { isServerUrl, trackerOptions } from "../tracker-options.ts";

const Options = z.object({
  ...trackerOptions,
  artifactsFrom: z.string().min(1, "must name a folder").optional(),
  prefix: z.string().min(1, "must be a text").optional(),
  into: z.string().min(1, "must name an experiment").optional(),
});

export const command: CommandFunction = async (call) => {
  const { options, directory, output } = call;
  const [named = ""] = call.arguments;
  const { store, artifacts, artifactsFrom, ...naming } = readOptions(Options, options);
  const asked = {
    ...naming,
    from: isServerUrl(named) ? named : resolve(directory, named),
    artifactsFrom: artifactsFrom && resolve(directory, artifactsFrom),
    credentials: trackerCredentials(process.env),
  };
  const onRun = tellRuns(output);
  const { importSource, withSource } = await import("@scanflow/tracking/transfer");
  const imported = await untilInterrupted((signal) =>
    onTracker(
      call,
      { store, artifacts },
      {
        // A source that is not there leaves no tracker behind.
        alone: (open) =>
          withSource({ ...asked, signal }, (source) =>
            open(async (tracking, rows) => {
              const done = await importSource(tracking.context, source, { ...naming, onRun, signal });
              await rows.analyze();
              return done;
            }),
          ),
        owned: async (client) => {
          const { kind: _, ...done } = await followMessages(client.tracker.import(asked), onRun);
          return done;
        },
      },
    ),
  );
  if (!imported) return EXIT.interrupted;
  if (output.json) output.document(imported);
  else {
    const { experiments, runs, files, versions, loggedModels, elsewhere, present } = imported;
    const models = `${counted(loggedModels, "logged model")}, ${counted(versions, "version")} of models`;
    output.line(
      `Imported ${counted(experiments, "experiment")}, ${counted(runs, "run")}, ${models} and ${counted(files, "file")}.`,
    );
    if (elsewhere > 0) {
      output.note(
        `Files at ${counted(elsewhere, "place")} that cannot be read here (S3, or folders of the server's machine) stay there; clients read them as before.`,
      );
    }
    if (present > 0)
      output.note(
        `${counted(present, "run")} ${present === 1 ? "was here already and stays as it is" : "were here already and stay as they are"}.`,
      );
  }
  return EXIT.done;
};
