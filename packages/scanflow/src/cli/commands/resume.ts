import { z } from "zod";
import type { Client } from "../../api/index.ts";
import { codedError } from "../coded-error.ts";
import type { CommandFunction } from "../command.ts";
import { followRun } from "../follow-run.ts";
import { ownerOptions } from "../owner-options.ts";
import { positive, readOptions } from "../read-options.ts";
import { withRun } from "../session.ts";

const Options = z.object({ cpus: positive.optional() });

export const command: CommandFunction = async (call) => {
  const { cpus } = readOptions(Options, call.options);
  const [named] = call.arguments;
  return withRun(call, {
    options: ownerOptions({ cpus }),
    begin: async (client) => client.runs.resume({ run: named ?? (await newestOpen(client)) }),
    follow: (session, begun) => followRun(session, begun, call.output),
  });
};

/** The newest run of those that need it most. */
async function newestOpen(client: Client): Promise<string> {
  const runs = await client.runs.list({ limit: 200 });
  for (const wanted of ["interrupted", "paused", "waiting", "running", "cancelling"]) {
    const open = runs.find(({ status }) => status === wanted);
    if (open) return open.run;
  }
  throw codedError("SCANFLOW_RUN_ENDED", `No run is left to take up. Start one with "scanflow run".`);
}
