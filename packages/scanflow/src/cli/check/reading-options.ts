import { z } from "zod";
import type { DataOptions } from "../../data/index.ts";

/** The options that say how data are read, as they come from the command line. */
export const readingShape = {
  columns: z.string().optional(),
  names: z.string().optional(),
  header: z.boolean().optional(),
  delimiter: z.string().length(1, "must be one character").optional(),
  null: z.array(z.string()).optional(),
  trim: z.boolean().optional(),
  text: z.array(z.string()).optional(),
  query: z.string().optional(),
};

const Shape = z.object(readingShape);

export function dataOptions(
  options: z.output<typeof Shape>,
): Omit<DataOptions, "signal" | "progress" | "table"> {
  const { columns, names, header, delimiter, null: nullText, trim, text, query } = options;
  return {
    columns: listOf(columns),
    names: listOf(names),
    // Commander's default for --no-header is true, which here means: not said.
    header: header === false ? false : undefined,
    delimiter,
    nullText,
    trim,
    texts: text,
    query,
  };
}

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(",").map((name) => name.trim());
}
