import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/** How many whole lines of a command's output an attempt's log holds; our own notes are none of them. */
export async function keptLines(path: string): Promise<number> {
  let count = 0;
  try {
    for await (const line of createInterface(createReadStream(path))) {
      if (!line.startsWith("[scanflow] ")) count++;
    }
  } catch {
    // A silent attempt has no log.
    return 0;
  }
  return count;
}
