import { cancel, select, text } from "@clack/prompts";
import { codedError } from "../coded-error.ts";

export interface Wishes {
  readonly name: string;
  readonly yaml: boolean;
}

/** Asks a person for what the command line left open. */
export async function ask(given: { readonly name: string }): Promise<Wishes> {
  const name = answer(
    await text({
      message: "Name of the application",
      initialValue: given.name,
      validate: (value) =>
        value !== undefined && /^[a-z][a-z0-9-]*$/i.test(value) ? undefined : "Letters, digits and dashes.",
    }),
  );
  const form = answer(
    await select({
      message: "Definition in",
      options: [
        { value: "typescript", label: "TypeScript", hint: "typed references between steps" },
        { value: "yaml", label: "YAML" },
      ],
    }),
  );
  return { name, yaml: form === "yaml" };
}

function answer<T extends string>(given: T | symbol): T {
  if (typeof given !== "symbol") return given;
  cancel("Nothing was written.");
  throw codedError("SCANFLOW_USAGE", "The questions were left unanswered. Give --yaml and --name instead.");
}
