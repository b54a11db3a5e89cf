import { extname, resolve } from "node:path";
import { z } from "zod";
import type { Output } from "./output.ts";
import { writeWhole } from "./output-file.ts";
import { codedUsageError } from "./usage-error.ts";

/** What `--format` of a command that draws may be. */
export const PictureFormat = z.enum(["mermaid", "svg", "json"], { error: "must be mermaid, svg or json" });
export type PictureFormat = z.output<typeof PictureFormat>;

const FORMATS: Readonly<Record<string, PictureFormat>> = {
  ".mmd": "mermaid",
  ".mermaid": "mermaid",
  ".svg": "svg",
  ".json": "json",
};

/** What a file's name says about what is to be drawn. Errors: SCANFLOW_USAGE. */
export function formatOfFile(out: string): PictureFormat {
  const known = FORMATS[extname(out)];
  if (known) return known;
  throw codedUsageError(
    `"${out}" does not say what to draw. Name a file that ends in ${Object.keys(FORMATS).join(", ")}, or give --format mermaid, svg or json.`,
  );
}

interface Picture {
  readonly text: string;
  readonly format: PictureFormat;
  /** undefined: it is printed. */
  readonly out: string | undefined;
}

/** Prints a picture, or writes it and says where. Errors: SCANFLOW_USAGE. */
export async function deliverPicture(output: Output, { text, format, out }: Picture): Promise<void> {
  if (out === undefined) return output.write(text);
  const file = resolve(out);
  await writeWhole(file, text);
  if (output.json) output.document({ file, format });
  else output.note(`Wrote ${file}.`);
}
