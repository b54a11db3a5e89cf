import { z } from "zod";
import type { CommandFunction } from "../../command.ts";
import { followTransfer } from "../../data/follow-transfer.ts";
import { remoteUrl } from "../../data/remote-url.ts";
import { readOptions } from "../../read-options.ts";

const Options = z.object({
  remote: z.string().min(1, "must name a folder or s3://BUCKET/PREFIX").optional(),
  all: z.boolean().default(false),
});

export const command: CommandFunction = async (call) => {
  const { remote: place, all } = readOptions(Options, call.options);
  const remote = place === undefined ? undefined : remoteUrl(place, call.directory);
  const [name] = call.arguments;
  const nothing = "The remote has no datasets.";
  return followTransfer(call, { doing: "Fetching", done: "fetched", already: "here", nothing }, (client) =>
    client.data.pull({ name, remote, all }),
  );
};
