import { hash } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, glob, mkdir, mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { ScanflowError } from "@scanflow/core";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import { isIgnored } from "./ignored.ts";

export interface ApplicationFilesOptions {
  /** The config's folder (absolute). */
  readonly root: string;
  readonly artifacts: Pick<ArtifactStore, "publish" | "has">;
  /** Most bytes of all files together. */
  readonly limitBytes?: number;
}

interface Found {
  readonly path: string;
  readonly size: number;
  /** Changes whenever the file does. */
  readonly state: string;
}

const gibibyte = 1024 ** 3;

/**
 * The application's files as one folder in the artifact store, for machines that do not have the config's folder:
 * everything below it but what was made from code or belongs to tools. The returned function answers the folder's digest
 * as the files are now; they are read only when one of them changed, and once for all who ask at the same moment.
 * Throws `SCANFLOW_CODE_TOO_LARGE`.
 */
export function applicationFiles({
  root,
  artifacts,
  limitBytes = gibibyte,
}: ApplicationFilesOptions): () => Promise<string> {
  let known: { readonly state: string; readonly digest: string } | undefined;
  let underWay: Promise<string> | undefined;

  async function look(): Promise<string> {
    const files = await filesOf(root, limitBytes);
    const state = hash("sha256", files.map((file) => `${file.path}\n${file.state}`).join("\n"));
    if (known?.state === state && (await artifacts.has(known.digest))) return known.digest;
    const digest = await publish(root, files, artifacts);
    known = { state, digest };
    return digest;
  }

  return () => {
    underWay ??= look().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

async function filesOf(root: string, limitBytes: number): Promise<Found[]> {
  const files: Found[] = [];
  const inside = `${await realpath(root)}${sep}`;
  let bytes = 0;
  for await (const entry of glob("**/*", { cwd: root, withFileTypes: true, exclude: isIgnored })) {
    if (entry.isDirectory()) continue;
    const path = resolve(entry.parentPath, entry.name);
    // A link counts as the file that it leads to, if that is the application's, too.
    const target = await realpath(path).catch(() => undefined);
    const about = target === undefined ? undefined : await stat(target);
    if (!target?.startsWith(inside) || !about?.isFile()) continue;
    bytes += about.size;
    files.push({
      path: relative(root, path),
      size: about.size,
      state: [about.dev, about.ino, about.size, about.mtimeMs, about.ctimeMs, about.mode].join(),
    });
    if (bytes > limitBytes) throw tooLarge(root, limitBytes, files);
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function publish(
  root: string,
  files: readonly Found[],
  artifacts: ApplicationFilesOptions["artifacts"],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-application-"));
  try {
    for (const { path } of files) {
      const place = join(folder, path);
      await mkdir(dirname(place), { recursive: true });
      await copyFile(join(root, path), place, constants.COPYFILE_FICLONE);
    }
    return (await artifacts.publish(folder)).digest;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tooLarge(root: string, limitBytes: number, files: readonly Found[]): ScanflowError {
  const [largest] = files.toSorted((a, b) => b.size - a.size);
  return new ScanflowError(
    "SCANFLOW_CODE_TOO_LARGE",
    `The application's files below ${root} are more than ${limitBytes} bytes, and all of them travel to where its tasks run; the largest is ${largest?.path} with ${largest?.size} bytes. Keep data elsewhere and name them as inputs, for example with "scanflow data add".`,
  );
}
