import { resolve } from "node:path";
import { z } from "zod";
import type { CommandFunction } from "../../command.ts";
import { EXIT } from "../../exit-code.ts";
import { readOptions } from "../../read-options.ts";
import { storeOption, withStreams } from "../../stream/open-streams.ts";
import { fileRecords, linesToRecords } from "../../stream/read-records.ts";
import { counted } from "../../text/counted.ts";

const column = z.string().min(1, "must name a column").optional();
const Options = z.object({ id: column, time: column, ...storeOption });

export const command: CommandFunction = async (call) => {
  const { store, ...columns } = readOptions(Options, call.options);
  const [stream = "", file = "-"] = call.arguments;
  const { output, directory } = call;
  const batches =
    file === "-" ? linesToRecords(process.stdin, columns) : fileRecords(resolve(directory, file), columns);
  const sum = { appended: 0, known: 0 };
  await withStreams(call, store, async (log) => {
    for await (const batch of batches) {
      const { appended, known } = await log.append(stream, batch);
      sum.appended += appended;
      sum.known += known;
    }
  });
  if (output.json) {
    output.document({ stream, ...sum });
    return EXIT.done;
  }
  const already = sum.known === 0 ? "" : `; ${sum.known} were there already`;
  output.line(`Appended ${counted(sum.appended, "record")} to ${output.style("bold", stream)}${already}.`);
  return EXIT.done;
};
