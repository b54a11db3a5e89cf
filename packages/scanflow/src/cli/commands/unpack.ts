import { relative, resolve } from "node:path";
import { z } from "zod";
import { unpack } from "../../upkeep/index.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";
import { counted } from "../text/counted.ts";

const Options = z.object({
  into: z.string().min(1).optional(),
  images: z.boolean().default(true),
});

export const command: CommandFunction = async (call) => {
  const { into, images } = readOptions(Options, call.options);
  const { output, directory } = call;
  const [file = ""] = call.arguments;
  // A daemon that is missing is told of before anything is unpacked.
  const loader = images ? (await import("../build/image-loader.ts")).imageLoader() : undefined;
  try {
    const unpacked = await unpack(resolve(directory, file), { into, directory, loader });
    if (output.json) output.document(unpacked);
    else {
      const { application, files, runs } = unpacked;
      const at = relative(directory, unpacked.into);
      const along = runs.length > 0 ? ` and ${counted(runs.length, "run")}` : "";
      output.line(`Unpacked ${application} into ${at}: ${counted(files, "file")}${along}.`);
      for (const ref of unpacked.images) {
        output.line(
          unpacked.loaded.includes(ref) ? `Loaded the image ${ref}.` : `The image ${ref} was there.`,
        );
      }
      output.line(`Run it with "scanflow -C ${at} run".`);
    }
    return EXIT.done;
  } finally {
    loader?.close();
  }
};
