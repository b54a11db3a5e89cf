import { z } from "zod";
import type { Signature } from "./signature.ts";

const text = z.string().nullish();
const modelFile = z.object({
  signature: z.object({ inputs: text, outputs: text, params: text }).nullish(),
  saved_input_example_info: z.record(z.string(), z.unknown()).nullish(),
  flavors: z.record(z.string(), z.unknown()).nullish(),
});

/** Reads the text of a file MLmodel (YAML; its schemas are JSON inside it); undefined when it is none. */
export async function parseModelFile(content: string): Promise<Signature | undefined> {
  const { parse } = await import("yaml");
  try {
    const { signature, saved_input_example_info: inputExample, flavors } = modelFile.parse(parse(content));
    const schema = (json: string | null | undefined) => (json ? { value: JSON.parse(json) as unknown } : {});
    const said = {
      ...named("inputs", schema(signature?.inputs)),
      ...named("outputs", schema(signature?.outputs)),
      ...named("params", schema(signature?.params)),
      ...(inputExample ? { inputExample } : {}),
      flavors: Object.keys(flavors ?? {}),
    };
    // What is nested too deep can be read, and not written again.
    JSON.stringify(said);
    return said;
  } catch {
    return undefined;
  }
}

function named<K extends string>(key: K, { value }: { value?: unknown }): { [P in K]?: unknown } {
  return value === undefined || value === null ? {} : ({ [key]: value } as { [P in K]?: unknown });
}
