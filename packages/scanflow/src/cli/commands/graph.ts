import { writeFile } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { type Plan, planJson, planMermaid, planSvg } from "@scanflow/core";
import { z } from "zod";
import { readPlan } from "../application-plan.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";
import { codedUsageError } from "../usage-error.ts";

const Format = z.enum(["mermaid", "svg", "json"], { error: "must be mermaid, svg or json" });
const Options = z.object({ format: Format.optional(), out: z.string().min(1).optional() });

const FORMATS: Readonly<Record<string, z.output<typeof Format>>> = {
  ".mmd": "mermaid",
  ".mermaid": "mermaid",
  ".svg": "svg",
  ".json": "json",
};

export const command: CommandFunction = async (call) => {
  const { format, out } = readOptions(Options, call.options);
  const { output } = call;
  const chosen = format ?? formatOf(out, output.json);
  const plan = await readPlan(call, call.arguments[0]);
  const picture = await draw(plan, chosen);
  if (out === undefined) {
    output.write(picture);
    return EXIT.done;
  }
  const file = resolve(out);
  await writePicture(file, picture);
  if (output.json) output.document({ file, format: chosen });
  else output.note(`Wrote ${file}.`);
  return EXIT.done;
};

function formatOf(out: string | undefined, json: boolean): z.output<typeof Format> {
  if (out === undefined) return json ? "json" : "mermaid";
  const known = FORMATS[extname(out)];
  if (known) return known;
  throw codedUsageError(
    `"${out}" does not say what to draw. Name a file that ends in ${Object.keys(FORMATS).join(", ")}, or give --format mermaid, svg or json.`,
  );
}

async function writePicture(file: string, picture: string): Promise<void> {
  try {
    await writeFile(file, picture);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const reason = REASONS[code];
    if (reason === undefined) throw error;
    throw codedUsageError(`"${file}" cannot be written: ${reason(dirname(file))}. Name another with --out.`);
  }
}

const REASONS: Readonly<Record<string, (folder: string) => string>> = {
  ENOENT: (folder) => `the folder "${folder}" does not exist`,
  ENOTDIR: (folder) => `"${folder}" is no folder`,
  EISDIR: () => "it is a folder",
  EACCES: () => "it is not permitted",
  EROFS: () => "its file system is read-only",
};

async function draw(plan: Plan, format: z.output<typeof Format>): Promise<string> {
  if (format === "json") return `${planJson(plan)}\n`;
  return format === "svg" ? planSvg(plan) : planMermaid(plan);
}
