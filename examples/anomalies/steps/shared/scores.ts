import { readFile } from "node:fs/promises";

/** Images that a detector flags. */
export interface Flagged {
  readonly good: number;
  readonly faulty: number;
}

/** Score from which an image counts as unusual: 5 % of usual ones lie above. */
const threshold = 0.95;

/** The file of scores: a header, then of each image its name and a score from each detector. */
export async function readScores(path: string): Promise<readonly (readonly string[])[]> {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  return lines.map((line) => line.split(","));
}

/** Of each detector, how many good and faulty images it flags. */
export function flaggedBy([header = [], ...rows]: readonly (readonly string[])[]): [string, Flagged][] {
  return header.slice(1).map((kind, at) => {
    const names = rows.filter((row) => Number(row[at + 1]) > threshold).map(([name = ""]) => name);
    const good = names.filter((name) => name.endsWith("good")).length;
    return [kind, { good, faulty: names.length - good }];
  });
}
