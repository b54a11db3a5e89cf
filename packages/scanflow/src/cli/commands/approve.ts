import { z } from "zod";
import type { CommandFunction } from "../command.ts";
import { followRun } from "../follow-run.ts";
import { readOptions } from "../read-options.ts";
import { withRun } from "../session.ts";
import { userName } from "../user-name.ts";

const Options = z.object({ reject: z.boolean().default(false), comment: z.string().default("") });

export const command: CommandFunction = async (call) => {
  const { reject, comment } = readOptions(Options, call.options);
  const [run = "", task = ""] = call.arguments;
  const decision = { run, task, approved: !reject, by: userName(), comment };
  return withRun(call, {
    begin: (client) => client.runs.decide(decision),
    follow: (session, begun) => followRun(session, begun, call.output),
  });
};
