import { z } from "zod";
import type { Client } from "../../api/index.ts";
import { announce, chooseNewest, newestRuns } from "../choose-run.ts";
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
  const [named, ...rest] = call.arguments;
  const tasks = rest.filter((task) => task !== undefined);
  return withRun(call, {
    options: ownerOptions(options),
    begin: async (client) =>
      client.runs.retry({ run: named ?? (await chosenRun(client, call.output)), tasks }),
    follow: (session, begun) => followRun(session, begun, call.output),
  });
};

async function chosenRun(client: Client, output: Output): Promise<string> {
  const choice = chooseNewest(await newestRuns(client), ["failed", "cancelled"]);
  if (!choice) return "latest";
  announce(choice, "trying again what failed in", output);
  return choice.chosen.run;
}
