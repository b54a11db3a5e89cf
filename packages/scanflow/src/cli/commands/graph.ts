import { type Plan, planJson, planMermaid, planSvg } from "@scanflow/core";
import { z } from "zod";
import { readPlan } from "../application-plan.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { deliverPicture, formatOfFile, PictureFormat } from "../picture-file.ts";
import { readOptions } from "../read-options.ts";

const Options = z.object({ format: PictureFormat.optional(), out: z.string().min(1).optional() });

export const command: CommandFunction = async (call) => {
  const { format, out } = readOptions(Options, call.options);
  const { output } = call;
  const chosen = format ?? formatOf(out, output.json);
  const plan = await readPlan(call, call.arguments[0]);
  await deliverPicture(output, { text: await draw(plan, chosen), format: chosen, out });
  return EXIT.done;
};

function formatOf(out: string | undefined, json: boolean): PictureFormat {
  if (out === undefined) return json ? "json" : "mermaid";
  return formatOfFile(out);
}

async function draw(plan: Plan, format: PictureFormat): Promise<string> {
  if (format === "json") return `${planJson(plan)}\n`;
  return format === "svg" ? planSvg(plan) : planMermaid(plan);
}
