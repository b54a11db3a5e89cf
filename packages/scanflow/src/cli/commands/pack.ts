import { resolve } from "node:path";
import { z } from "zod";
import type { Packed } from "../../api/index.ts";
import { findConfig, loadApplication } from "../../config/index.ts";
import { type PackImages, refuseTaken } from "../../upkeep/index.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { untilInterrupted } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { checkFolderOf } from "../output-file.ts";
import { readOptions } from "../read-options.ts";
import { withClient } from "../session.ts";
import { counted } from "../text/counted.ts";
import { size } from "../text/size.ts";
import { codedUsageError } from "../usage-error.ts";

const Options = z.object({
  out: z.string().min(1).optional(),
  runs: z.array(z.string().min(1)).default(["none"]),
  artifacts: z.boolean().default(false),
  images: z.boolean().default(false),
});

export const command: CommandFunction = async (call) => {
  const { out, runs: given, artifacts, images } = readOptions(Options, call.options);
  const { output, directory } = call;
  const runs = chosenRuns(given);
  if (artifacts && runs === "none") {
    throw codedUsageError("--artifacts takes along what runs made, and no runs come along. Add --runs all.");
  }
  const name = out ?? `${(await loadApplication(findConfig(directory))).application.name}.scanflow.tgz`;
  const file = resolve(directory, name);
  await checkFolderOf(file);
  if (images) refuseTaken(file);
  const write = (saved?: PackImages) =>
    withClient(call, (client) => client.upkeep.pack({ out: file, runs, artifacts, images: saved }));
  // Most archives hold no images, and need none of that.
  const { withSavedImages } = images ? await import("../build/saved-images.ts") : {};
  const packed = withSavedImages
    ? await untilInterrupted((signal) => withSavedImages(call, signal, write))
    : await write();
  if (packed === undefined) return EXIT.interrupted;
  if (output.json) output.document(packed);
  else print(packed, name, output);
  return EXIT.done;
};

function chosenRuns(given: readonly string[]): "all" | "none" | string[] {
  const runs = given.flatMap((text) => text.split(","));
  const [only] = runs;
  if (runs.length === 1 && (only === "all" || only === "none")) return only;
  return runs;
}

function print(
  { bytes, files, runs, artifacts, data, images, leftOut }: Packed,
  name: string,
  output: Output,
): void {
  const along = runs.length > 0 ? `, ${counted(runs.length, "run")}` : "";
  const made = artifacts > 0 ? `, ${counted(artifacts, "file")} of artifacts` : "";
  const named = data.length > 0 ? `, data ${data.join(", ")}` : "";
  const ready = images.length > 0 ? `, ${counted(images.length, "image")}` : "";
  output.line(`Wrote ${name}: ${counted(files, "file")}${along}${named}${made}${ready}, ${size(bytes)}.`);
  for (const path of leftOut) {
    output.note(
      `${output.style("yellow", "left out")} ${path}: it is not here, or not in the application's folder.`,
    );
  }
  output.line(`Unpack it elsewhere with "scanflow unpack ${name}".`);
}
