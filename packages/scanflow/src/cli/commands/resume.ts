import { z } from "zod";
import type { Client } from "../../api/index.ts";
import { announce, chooseByStatus, newestRuns } from "../choose-run.ts";
import { codedError } from "../coded-error.ts";
import type { CommandFunction } from "../command.ts";
import { followRun } from "../follow-run.ts";
import type { Output } from "../output.ts";
import { clusterOptions, ownerOptions } from "../owner-options.ts";
import { positive, readOptions } from "../read-options.ts";
import { withRun } from "../session.ts";

const Options = z.object({
  cpus: positive.optional(),
  openlineage: z.string().min(1).optional(),
  on: z.string().min(1).optional(),
  ...clusterOptions,
});

export const command: CommandFunction = async (call) => {
  const options = readOptions(Options, call.options);
  const [named] = call.arguments;
  return withRun(call, {
    options: ownerOptions(options),
    begin: async (client) => client.runs.resume({ run: named ?? (await chosenRun(client, call.output)) }),
    follow: (session, begun) => followRun(session, begun, call.output),
  });
};

/** The newest run of those that need it most. */
async function chosenRun(client: Client, output: Output): Promise<string> {
  const open = ["interrupted", "paused", "waiting", "running", "cancelling"] as const;
  const choice = chooseByStatus(await newestRuns(client), open);
  if (!choice) {
    throw codedError("SCANFLOW_RUN_ENDED", `No run is left to take up. Start one with "scanflow run".`);
  }
  announce(choice, "taking up", output);
  return choice.chosen.run;
}
