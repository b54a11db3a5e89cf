import { z } from "zod";
import type { CommandFunction } from "../command.ts";
import { followRun } from "../follow-run.ts";
import { ownerOptions } from "../owner-options.ts";
import { positive, readOptions } from "../read-options.ts";
import { withRun } from "../session.ts";

const Options = z.object({ cpus: positive.optional() });

export const command: CommandFunction = async (call) => {
  const { cpus } = readOptions(Options, call.options);
  const [run = "latest", ...named] = call.arguments;
  const tasks = named.filter((task) => task !== undefined);
  return withRun(call, {
    options: ownerOptions({ cpus }),
    begin: (client) => client.runs.retry({ run, tasks }),
    follow: (session, begun) => followRun(session, begun, call.output),
  });
};
