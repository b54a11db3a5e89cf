import { lstat, open, readFile, realpath, stat } from "node:fs/promises";
import { dirname, relative, sep } from "node:path";
import { errorCode, type OutputDefinition, ScanflowError } from "@scanflow/core";
import type { ArtifactAccess } from "./artifact-access.ts";
import { systemCode } from "./system-code.ts";

export interface Written {
  readonly task: string;
  readonly name: string;
  readonly definition: OutputDefinition;
  /** Where it was to be written. */
  readonly path: string;
  /** The same as the task knows it, where that is elsewhere. */
  readonly shown?: string;
}

/**
 * Looks at all outputs, then publishes each whole. Answers their digests; an optional output that was not written is
 * absent. Throws `SCANFLOW_OUTPUT_MISSING`, `SCANFLOW_OUTPUT_INVALID` and what the disk gives (`SCANFLOW_STORAGE_…`).
 */
export async function publishOutputs(
  artifacts: ArtifactAccess,
  outputs: readonly Written[],
  workdir: string,
): Promise<Record<string, string>> {
  const found: Found[] = [];
  for (const output of outputs) {
    const source = await findOutput(output, workdir);
    if (source !== undefined) found.push({ output, source });
  }
  const move = areApart(found.map(({ source }) => source)) && found.every(isItself);
  const digests: Record<string, string> = {};
  for (const { output, source } of found) {
    try {
      digests[output.name] = (await artifacts.publish(source, { move })).digest;
    } catch (error) {
      if (!errorCode(error)?.startsWith("SCANFLOW_ARTIFACT_")) throw error;
      throw invalidError(output, error instanceof Error ? error.message : String(error), error);
    }
  }
  return digests;
}

interface Found {
  readonly output: Written;
  /** Where its content lies: the same path, unless that is a link. */
  readonly source: string;
}

function isItself({ output, source }: Found): boolean {
  return output.path === source;
}

/** Whether none of these paths lies in another, so that each can be moved away without harm to the others. */
function areApart(paths: readonly string[]): boolean {
  const sorted = paths.map((path) => `${path}${sep}`).sort();
  return sorted.every((path, at) => at === 0 || !path.startsWith(sorted[at - 1] ?? path));
}

async function findOutput(output: Written, workdir: string): Promise<string | undefined> {
  const { definition, path } = output;
  const found = await lstat(path).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return undefined;
    throw error;
  });
  if (found === undefined) {
    if (definition.optional) return undefined;
    throw missingError(output);
  }
  await checkFolder(output, workdir);
  const source = found.isSymbolicLink() ? await targetInside(output, workdir) : path;
  await checkType(output);
  return source;
}

function missingError({ task, name, path, shown = path }: Written): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_OUTPUT_MISSING",
    `Task "${task}" ended well but did not write its output "${name}" (expected at ${shown}). Write it to the path in the environment variable of the output, or declare it optional.`,
  );
}

export function invalidError(
  { task, name }: Pick<Written, "task" | "name">,
  what: string,
  cause?: unknown,
): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_OUTPUT_INVALID",
    `Output "${name}" of task "${task}" cannot be kept: ${what.replace(/\.$/, "")}. Correct what the task writes, or the type of the output.`,
    { cause },
  );
}

/** A folder above the output may be a link that was made in a container, where it leads elsewhere than here. */
async function checkFolder(output: Written, workdir: string): Promise<void> {
  const folder = await realpath(dirname(output.path));
  if (leadsOut(await realpath(workdir), folder)) {
    throw invalidError(output, `it lies behind a symbolic link to ${folder}, outside the task's folder`);
  }
}

function leadsOut(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside.startsWith(`..${sep}`) || inside === ".." || inside.startsWith(sep);
}

/** A link may stand for an output only when it leads to something else that the attempt made. */
async function targetInside(output: Written, workdir: string): Promise<string> {
  const target = await realpath(output.path).catch(() => undefined);
  if (target === undefined) throw invalidError(output, "it is a symbolic link that leads nowhere");
  if (leadsOut(await realpath(workdir), target)) {
    throw invalidError(output, `it is a symbolic link to ${target}, outside the task's folder`);
  }
  return target;
}

/** Larger JSON documents are kept without being read. */
const largestParsed = 64 * 1024 * 1024;

async function checkType(output: Written): Promise<void> {
  const { type } = output.definition;
  const found = await stat(output.path);
  if (type === "any" || type === "model") return;
  if (type === "folder") {
    if (!found.isDirectory()) throw invalidError(output, "a folder was declared and a file written");
    return;
  }
  if (found.isDirectory()) {
    throw invalidError(output, `a file (${type}) was declared and a folder written`);
  }
  if (type === "file") return;
  if (found.size === 0 && type !== "text") {
    throw invalidError(output, `it is empty, and ${type} was declared`);
  }
  if (type === "json" && found.size <= largestParsed) await checkJson(output);
  if (type === "image") await checkImage(output);
}

async function checkJson(output: Written): Promise<void> {
  try {
    JSON.parse(await readFile(output.path, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidError(output, `JSON was declared, and it does not parse (${error.message})`, error);
  }
}

/** How files of the common image formats begin: a text and where it stands. */
const imageSignatures: readonly (readonly [at: number, text: string])[] = [
  [0, "\x89PNG\r\n"],
  [0, "\xff\xd8\xff"],
  [0, "GIF8"],
  [8, "WEBP"],
  [0, "BM"],
  [0, "II*\0"],
  [0, "MM\0*"],
  [4, "ftyp"],
];

async function checkImage(output: Written): Promise<void> {
  const file = await open(output.path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const begin = buffer.toString("latin1", 0, bytesRead);
    if (imageSignatures.some(([at, text]) => begin.startsWith(text, at))) return;
    // SVG is text: a tag, perhaps behind a byte order mark.
    if (/^\W{0,3}\s*<[?!a-z]/i.test(begin)) return;
  } finally {
    await file.close();
  }
  throw invalidError(
    output,
    "an image was declared, and it is none of PNG, JPEG, GIF, WebP, SVG, TIFF, BMP, AVIF",
  );
}
