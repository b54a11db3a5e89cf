import { relative, resolve } from "node:path";
import { z } from "zod";
import { unpack } from "../../upkeep/index.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";
import { counted } from "../text/counted.ts";

const Options = z.object({ into: z.string().min(1).optional() });

export const command: CommandFunction = async (call) => {
  const { into } = readOptions(Options, call.options);
  const { output, directory } = call;
  const [file = ""] = call.arguments;
  const unpacked = await unpack(resolve(directory, file), { into, directory });
  if (output.json) output.document(unpacked);
  else {
    const { application, files, runs } = unpacked;
    const at = relative(directory, unpacked.into);
    const along = runs.length > 0 ? ` and ${counted(runs.length, "run")}` : "";
    output.line(`Unpacked ${application} into ${at}: ${counted(files, "file")}${along}.`);
    output.line(`Run it with "scanflow -C ${at} run".`);
  }
  return EXIT.done;
};
