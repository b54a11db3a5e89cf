import { statSync } from "node:fs";
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { describeFile } from "./describe-file.ts";
import { type IgnorePatterns, ignorePatterns } from "./ignore-patterns.ts";
import type { ImageFile } from "./image-recipe.ts";

/** Scanflow's own state changes with every run, and is for no image. */
const always = ".scanflow\n**/.scanflow\n";
const mostFiles = 200_000;

export interface ContextOptions {
  /** The Dockerfile (absolute): a file of its name with `.dockerignore` added comes before the context's own. */
  readonly dockerfile: string;
  /** Most bytes. */
  readonly limit: number;
}

/**
 * The files, links and folders of a build's context, sorted, without those that its `.dockerignore` names. Links stay
 * links. Errors: SCANFLOW_IMAGE_CONTEXT for a socket, a pipe or a device, or for more than the limit;
 * SCANFLOW_ENVIRONMENT_MISSING for a folder that is not there.
 */
export async function contextFiles(context: string, options: ContextOptions): Promise<ImageFile[]> {
  const found = await stat(context).catch(() => null);
  if (!found?.isDirectory()) {
    throw new ScanflowError(
      "SCANFLOW_ENVIRONMENT_MISSING",
      `The context ${context} of the Dockerfile ${options.dockerfile} is no folder. Correct "context", which is relative to the config's folder.`,
    );
  }
  const own = await textOf(`${options.dockerfile}.dockerignore`);
  const patterns = ignorePatterns(
    `${own ?? (await textOf(join(context, ".dockerignore"))) ?? ""}\n${always}`,
  );
  const walked: Walked = { context, patterns, limit: options.limit, files: [], bytes: 0, largest: null };
  await walk(walked, "");
  return walked.files;
}

interface Walked {
  readonly context: string;
  readonly patterns: IgnorePatterns;
  readonly limit: number;
  readonly files: ImageFile[];
  bytes: number;
  largest: { path: string; size: number } | null;
}

async function walk(walked: Walked, folder: string): Promise<void> {
  const { context, patterns, files } = walked;
  const entries = await readdir(join(context, folder), { withFileTypes: true });
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of sorted) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const ignored = patterns.ignores(path);
    if (entry.isDirectory()) {
      if (ignored && patterns.closes(path)) continue;
      if (!ignored) files.push({ kind: "folder", path });
      await walk(walked, path);
    } else if (!ignored) {
      if (entry.isSymbolicLink())
        files.push({ kind: "link", path, target: await readlink(join(context, path)) });
      else if (entry.isFile()) await addFile(walked, path);
      else throw contextError(context, `holds ${path}, which is no file, folder or link`);
    }
  }
}

async function addFile(walked: Walked, path: string): Promise<void> {
  const { context, limit, files } = walked;
  const { size } = statSync(join(context, path));
  walked.bytes += size;
  if (walked.largest === null || size > walked.largest.size) walked.largest = { path, size };
  if (walked.bytes > limit || files.length >= mostFiles) {
    const { largest } = walked;
    const most = `more than ${limit} bytes or ${mostFiles} files`;
    throw contextError(
      context,
      `holds ${most}; the largest so far is ${largest.path} with ${largest.size} bytes`,
    );
  }
  files.push(await describeFile(join(context, path), path));
}

function contextError(context: string, what: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_IMAGE_CONTEXT",
    `The context ${context} of a Dockerfile ${what}. Name what the image does not need in a .dockerignore there, or take a smaller folder as the context.`,
  );
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
