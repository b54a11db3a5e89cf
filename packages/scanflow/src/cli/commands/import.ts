import { resolve } from "node:path";
import { z } from "zod";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";
import { counted } from "../text/counted.ts";
import { trackerOptions } from "../tracker-options.ts";

const Options = z.object({
  ...trackerOptions,
  artifactsFrom: z.string().min(1, "must name a folder").optional(),
  prefix: z.string().min(1, "must be a text").optional(),
  into: z.string().min(1, "must name an experiment").optional(),
});

export const command: CommandFunction = async ({ arguments: [file = ""], options, directory, output }) => {
  const { store, artifacts, artifactsFrom, ...naming } = readOptions(Options, options);
  const [{ withTracking }, { importMlflow }] = await Promise.all([
    import("@scanflow/tracking/server"),
    import("@scanflow/tracking/transfer"),
  ]);
  const imported = await withTracking({ store, artifacts, folder: directory }, (tracking) =>
    importMlflow(tracking, {
      ...naming,
      file: resolve(directory, file),
      artifactsFrom: artifactsFrom && resolve(directory, artifactsFrom),
      onRun: ({ experiment, done, of }) => {
        if (done === of || done % 100 === 0) output.note(`${experiment}: ${done} of ${counted(of, "run")}`);
      },
    }),
  );
  if (output.json) output.document(imported);
  else {
    const { experiments, runs, files, versions, loggedModels, present } = imported;
    const models = `${counted(loggedModels, "logged model")}, ${counted(versions, "version")} of models`;
    output.line(
      `Imported ${counted(experiments, "experiment")}, ${counted(runs, "run")}, ${models} and ${counted(files, "file")}.`,
    );
    if (present > 0) output.note(`${counted(present, "run")} were here already and stay as they are.`);
  }
  return EXIT.done;
};
