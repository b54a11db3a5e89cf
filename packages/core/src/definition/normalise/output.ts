import type { OutputDefinition } from "../definition.ts";
import type { NodeDocument } from "../document/document.ts";
import { type Reading, readMapping } from "./context.ts";
import { DEFINITION_DEFAULTS } from "./defaults.ts";

type Written = NonNullable<NodeDocument<"executor">["outputs"]>;

export function readOutputs(
  written: Written | undefined,
  { path, report }: Reading,
): Record<string, OutputDefinition> {
  const { output } = DEFINITION_DEFAULTS;
  if (!isList(written)) {
    return readMapping(written, (value, name) => {
      const settings = typeof value === "string" ? { path: value } : value;
      return {
        path: settings.path ?? name,
        type: settings.type ?? output.type,
        optional: settings.optional ?? output.optional,
        register: settings.register ?? output.register,
        description: settings.description ?? output.description,
      };
    });
  }
  const entries = new Map<string, OutputDefinition>();
  for (const [position, name] of written.entries()) {
    if (entries.has(name)) {
      const message = `the output ${name} stands twice: remove one`;
      report({ code: "SCANFLOW_NAME_DUPLICATE", message, path: [...path, "outputs", position] });
    }
    entries.set(name, { path: name, ...output });
  }
  return Object.fromEntries(entries);
}

function isList(written: Written | undefined): written is readonly string[] {
  return Array.isArray(written);
}
