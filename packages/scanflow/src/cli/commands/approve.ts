import { userInfo } from "node:os";
import { z } from "zod";
import type { CommandFunction } from "../command.ts";
import { followRun } from "../follow-run.ts";
import { readOptions } from "../read-options.ts";
import { withRun } from "../session.ts";

const Options = z.object({ reject: z.boolean().default(false), comment: z.string().default("") });

export const command: CommandFunction = async (call) => {
  const { reject, comment } = readOptions(Options, call.options);
  const [run = "", task = ""] = call.arguments;
  return withRun(call, {}, async (session) => {
    const decision = { run, task, approved: !reject, by: userInfo().username, comment };
    const begun = await session.connection.client.runs.decide(decision);
    return followRun(session, begun, call.output);
  });
};
