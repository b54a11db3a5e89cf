import { writeFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { type Plan, planJson, planMermaid, planSvg } from "@scanflow/core";
import { z } from "zod";
import { readPlan } from "../application-plan.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";

const Format = z.enum(["mermaid", "svg", "json"], { error: "must be mermaid, svg or json" });
const Options = z.object({ format: Format.optional(), out: z.string().min(1).optional() });

export const command: CommandFunction = async (call) => {
  const { format, out } = readOptions(Options, call.options);
  const { output } = call;
  const plan = await readPlan(call, call.arguments[0]);
  const chosen = format ?? formatOf(out, output.json);
  const picture = await draw(plan, chosen);
  if (out === undefined) {
    output.write(picture);
    return EXIT.done;
  }
  const file = resolve(out);
  await writeFile(file, picture);
  if (output.json) output.document({ file, format: chosen });
  else output.note(`Wrote ${file}.`);
  return EXIT.done;
};

function formatOf(out: string | undefined, json: boolean): z.output<typeof Format> {
  if (out !== undefined && extname(out) === ".svg") return "svg";
  return json || (out !== undefined && extname(out) === ".json") ? "json" : "mermaid";
}

async function draw(plan: Plan, format: z.output<typeof Format>): Promise<string> {
  if (format === "json") return `${planJson(plan)}\n`;
  return format === "svg" ? planSvg(plan) : planMermaid(plan);
}
