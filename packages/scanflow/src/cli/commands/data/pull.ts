import { z } from "zod";
import type { CommandFunction } from "../../command.ts";
import { followTransfer } from "../../data/follow-transfer.ts";
import { readOptions } from "../../read-options.ts";

const Options = z.object({ remote: z.string().optional(), all: z.boolean().default(false) });

export const command: CommandFunction = async (call) => {
  const { remote, all } = readOptions(Options, call.options);
  const [name] = call.arguments;
  const nothing = "The remote has no datasets.";
  return followTransfer(call, { doing: "Fetching", done: "fetched", already: "here", nothing }, (client) =>
    client.data.pull({ name, remote, all }),
  );
};
