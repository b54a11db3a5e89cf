import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { type RequirementLine, requirementLine } from "./requirement-line.ts";

export interface RequirementsFile {
  /** Absolute. */
  readonly file: string;
  readonly lines: readonly RequirementLine[];
}

/**
 * A requirements file and, behind it, those that it refers to (`-r`, `-c`), each once. Throws
 * `SCANFLOW_ENVIRONMENT_MISSING`.
 */
export function readRequirements(root: string, requirements: string): RequirementsFile[] {
  const files = new Map<string, RequirementsFile>();
  const open = [resolve(root, requirements)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue;
    const place = { root, file };
    const lines = linesOf(file).map((text) => requirementLine(text, place));
    files.set(file, { file, lines });
    for (const line of lines) if (line.kind === "nested") open.push(line.file);
  }
  return [...files.values()];
}

/** Without comments and blank lines, continued lines joined. */
function linesOf(file: string): string[] {
  try {
    const text = readFileSync(file, "utf8").replace(/\\\r?\n/g, " ");
    return text
      .split(/\r?\n/)
      .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
      .filter((line) => line !== "");
  } catch (cause) {
    throw new ScanflowError(
      "SCANFLOW_ENVIRONMENT_MISSING",
      `The requirements file ${file} cannot be read. Put it there, or correct the path.`,
      { cause },
    );
  }
}
