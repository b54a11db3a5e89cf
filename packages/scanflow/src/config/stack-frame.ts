import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";

export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const FRAME = /(file:\/\/[^\s()]+?)(?:\?[^\s():]*)?:(\d+)(?::(\d+))?/g;

/** The innermost place of a stack that lies in the folder of the module, or below it, installed packages aside. */
export function frameInside(stack: string, module: URL): Frame | undefined {
  const folder = dirname(fileURLToPath(module)) + sep;
  for (const [, url = "", line, column = "1"] of stack.matchAll(FRAME)) {
    const file = fileURLToPath(url);
    const own = file.startsWith(folder) && !file.slice(folder.length).includes(`node_modules${sep}`);
    if (own) return { file, line: Number(line), column: Number(column) };
  }
  return undefined;
}
