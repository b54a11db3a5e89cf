import { readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Which checkpoint the owner has already, by its print. It lies where `main` does not see it. */
const mark = () => join(tmpdir(), "scanflow-checkpoint");

/** Undefined: nobody knows. */
export function readMark(): Promise<string | undefined> {
  return readFile(mark(), "utf8").catch(() => undefined);
}

export async function writeMark(print: string): Promise<void> {
  await writeFile(`${mark()}.new`, print);
  await rename(`${mark()}.new`, mark());
}
