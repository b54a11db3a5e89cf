import { readFile, writeFile } from "node:fs/promises";
import type { StepContext } from "scanflow";

type Params = { readonly mark: string };

export default async function count({ inputs, outputs, params }: StepContext<"text", "counted", Params>) {
  const text = await readFile(inputs.text, "utf8");
  const words = text.trim().split(/\s+/).length;
  await writeFile(outputs.counted, `${params.mark}${words}\n`);
  return { words };
}
