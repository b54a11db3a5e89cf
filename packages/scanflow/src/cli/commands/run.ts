import { z } from "zod";
import type { Client } from "../../api/index.ts";
import { newRunId } from "../../engine/index.ts";
import type { CommandFunction } from "../command.ts";
import { followRun } from "../follow-run.ts";
import { clusterOptions, ownerOptions } from "../owner-options.ts";
import { readParamPairs, readParamsFile, readParamsJson } from "../params.ts";
import { positive, readOptions } from "../read-options.ts";
import { withRun } from "../session.ts";
import { userName } from "../user-name.ts";

const Options = z.object({
  param: z.array(z.string()).default([]),
  paramsFile: z.string().optional(),
  params: z.string().optional(),
  stay: z.boolean().default(false),
  cache: z.boolean().default(true),
  device: z.string().min(1).optional(),
  cpus: positive.optional(),
  openlineage: z.string().min(1).optional(),
  on: z.string().min(1).optional(),
  ...clusterOptions,
});

export const command: CommandFunction = async (call) => {
  const {
    param,
    paramsFile,
    params: json,
    stay,
    cache,
    device,
    cpus,
    openlineage,
    on,
    ...cluster
  } = readOptions(Options, call.options);
  const [workflow] = call.arguments;
  const { output } = call;
  const id = newRunId(Date.now());
  const texts = readParamPairs(param);
  const params = {
    ...(paramsFile === undefined ? {} : await readParamsFile(paramsFile)),
    ...readParamsJson(json),
  };
  return withRun(call, {
    options: ownerOptions({ device, cpus, openlineage, on, ...cluster }),
    begin: ({ runs }) => runs.start({ run: id, workflow, params, texts, cache, user: userName() }),
    follow: async (session, started) => {
      for (const warning of started.warnings) output.note(`${output.style("yellow", "hint")} ${warning}`);
      if (!output.json) {
        await noteInterrupted(session.connection.client, started.run, (text) => output.note(text));
      }
      return followRun(session, { ...started, stay }, output);
    },
  });
};

/** Runs that were left are easily forgotten. */
async function noteInterrupted(client: Client, run: string, note: (text: string) => void): Promise<void> {
  const { workflow } = await client.runs.show({ run });
  const others = await client.runs.list({ workflow, limit: 50 });
  const left = others.filter(({ status }) => status === "interrupted").map((other) => other.run);
  const [newest] = left;
  if (newest === undefined) return;
  const which = left.length === 1 ? "An earlier run" : `${left.length} earlier runs`;
  note(`${which} of ${workflow} had no end; take the newest up with "scanflow resume ${newest}".`);
}
