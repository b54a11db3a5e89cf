import type { ArtifactStore, FolderEntry } from "@scanflow/tracking/artifacts";
import { compareValues } from "./compare-values.ts";

/** How far into a file a difference is looked for. */
const farthest = 16 * 1024 * 1024;
const largestJson = 4 * 1024 * 1024;

/** Says in words where two artifacts first differ. */
export async function compareContent(
  artifacts: ArtifactStore,
  before: string,
  after: string,
): Promise<string> {
  const [old, fresh] = [await artifacts.stat(before), await artifacts.stat(after)];
  if (!old || !(await artifacts.has(before))) return "what the first run made is not kept any more";
  if (!fresh) return "what this run made is not kept any more";
  if (old.kind !== fresh.kind) return `it was a ${old.kind} and is a ${fresh.kind}`;
  if (old.kind === "file") return compareFiles(artifacts, before, after);
  return compareFolders(artifacts, await artifacts.entries(before), await artifacts.entries(after));
}

async function compareFolders(
  artifacts: ArtifactStore,
  before: readonly FolderEntry[],
  after: readonly FolderEntry[],
): Promise<string> {
  const old = new Map(before.map((entry) => [entry.path, entry]));
  const fresh = new Map(after.map((entry) => [entry.path, entry]));
  const gone = before.find(({ path }) => !fresh.has(path));
  if (gone) return `${gone.path} is not there any more`;
  for (const entry of after) {
    const known = old.get(entry.path);
    if (!known) return `${entry.path} is new`;
    if (JSON.stringify(known) === JSON.stringify(entry)) continue;
    if (known.kind !== "file" || entry.kind !== "file") return `${entry.path} is of another kind`;
    if (known.digest === entry.digest) return `${entry.path} has other permissions`;
    return `${entry.path}: ${await compareFiles(artifacts, known.digest, entry.digest)}`;
  }
  return "the folders are listed differently";
}

async function compareFiles(artifacts: ArtifactStore, before: string, after: string): Promise<string> {
  const [old, fresh] = [await beginningOf(artifacts, before), await beginningOf(artifacts, after)];
  const inJson = differenceInJson(old, fresh);
  if (inJson !== null) return inJson;
  const at = firstDifference(old, fresh);
  if (at === farthest) return `they differ after the first ${farthest} bytes`;
  if (!isText(old) || !isText(fresh))
    return `byte ${at} (${byteAt(old, at)} before, ${byteAt(fresh, at)} now)`;
  const line = old.subarray(0, at).toString("utf8").split("\n").length;
  return `line ${line}: ${JSON.stringify(lineAt(old, at))} before, ${JSON.stringify(lineAt(fresh, at))} now`;
}

async function beginningOf(artifacts: ArtifactStore, digest: string): Promise<Buffer> {
  const { stream } = await artifacts.open(digest);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= farthest) break;
  }
  return Buffer.concat(chunks).subarray(0, farthest);
}

function differenceInJson(before: Buffer, after: Buffer): string | null {
  if (before.length > largestJson || after.length > largestJson) return null;
  try {
    const [first] = compareValues(JSON.parse(before.toString("utf8")), JSON.parse(after.toString("utf8")));
    if (!first) return "the same JSON, written differently";
    return `${first.path === "" ? "the value" : first.path}: ${first.before} before, ${first.after} now`;
  } catch {
    return null;
  }
}

function firstDifference(before: Buffer, after: Buffer): number {
  const common = Math.min(before.length, after.length);
  for (let at = 0; at < common; at++) if (before[at] !== after[at]) return at;
  return common;
}

/** Text has no zero byte and is UTF-8, but for a character that was cut at the end. */
function isText(bytes: Buffer): boolean {
  return !bytes.includes(0) && !bytes.toString("utf8").slice(0, -1).includes("\uFFFD");
}

function lineAt(bytes: Buffer, at: number): string {
  const start = at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1;
  const end = bytes.indexOf(10, at);
  const line = bytes.subarray(start, end < 0 ? bytes.length : end).toString("utf8");
  return line.length <= 120 ? line : `${line.slice(0, 120)}…`;
}

function byteAt(bytes: Buffer, at: number): string {
  const byte = bytes[at];
  return byte === undefined ? "the end" : `0x${byte.toString(16).padStart(2, "0")}`;
}
