import { readFileSync } from "node:fs";

/**
 * How this program was started, as far as its own file: Node with its flags, perhaps by way of a loader
 * (`ld-linux-x86-64.so.2 --library-path … node main.js`), which is all that `process.execPath` names then.
 */
export function ownCommand(): string[] {
  const [, main = ""] = process.argv;
  const started = readCommandLine();
  const at = started.findIndex((word) => word === main || main.endsWith(`/${word.replace(/^\.\//, "")}`));
  const before = at > 0 ? started.slice(0, at) : [process.execPath, ...process.execArgv];
  return [...before, main];
}

function readCommandLine(): string[] {
  try {
    return readFileSync("/proc/self/cmdline", "utf8").split("\0");
  } catch {
    return [];
  }
}
