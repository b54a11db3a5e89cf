import { z } from "zod";
import type { CommandFunction } from "../../command.ts";
import { followTransfer } from "../../data/follow-transfer.ts";
import { remoteUrl } from "../../data/remote-url.ts";
import { readOptions } from "../../read-options.ts";

const Options = z.object({
  remote: z.string().min(1, "must name a folder or s3://BUCKET/PREFIX").optional(),
});

export const command: CommandFunction = async (call) => {
  const { remote: place } = readOptions(Options, call.options);
  const remote = place === undefined ? undefined : remoteUrl(place, call.directory);
  const [name] = call.arguments;
  const nothing = 'There are no versions to send. Add a file or a folder with "scanflow data add PATH".';
  return followTransfer(call, { doing: "Sending", done: "sent", already: "there", nothing }, (client) =>
    client.data.push({ name, remote }),
  );
};
