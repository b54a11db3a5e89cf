import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import {
  type ExportManifest,
  isOwn,
  manifestName,
  manifestText,
  readExportManifest,
} from "./export-manifest.ts";
import type { ExportedFile, TargetName } from "./target.ts";

/** An export on its way into a folder. */
export interface Export {
  readonly application: string;
  readonly target: TargetName;
  readonly files: readonly ExportedFile[];
}

/** What becomes of a file of the folder. */
export interface FileChange {
  readonly path: string;
  readonly kind: "new" | "changed" | "same" | "removed";
  /** What lies there; null: nothing. */
  readonly before: string | null;
  readonly after: string | null;
  /** Something lies there that no export wrote, or that was changed since. */
  readonly foreign: boolean;
}

/** What lies in a folder beside what an export would make of it. Made by `compareFolder`, performed by `writeFolder`. */
export interface Comparison {
  readonly folder: string;
  readonly export: Export;
  readonly former: ExportManifest | null;
  readonly changes: readonly FileChange[];
}

/** Errors: SCANFLOW_EXPORT_FOREIGN when the folder holds another export; SCANFLOW_EXPORT_MANIFEST. */
export async function compareFolder(folder: string, made: Export): Promise<Comparison> {
  const former = await readExportManifest(folder);
  if (former && (former.application !== made.application || former.target !== made.target)) {
    throw new ScanflowError(
      "SCANFLOW_EXPORT_FOREIGN",
      `${folder} holds the export of ${former.application} to ${former.target}, and nothing was written. Name another folder with --out.`,
    );
  }
  const written = made.files.map(async ({ path, text }): Promise<FileChange> => {
    const before = await textOf(join(folder, path));
    if (before === text) return { path, kind: "same", before, after: text, foreign: false };
    const foreign = before !== null && !isOwn(former, path, sha256(before));
    return { path, kind: before === null ? "new" : "changed", before, after: text, foreign };
  });
  const paths = new Set(made.files.map(({ path }) => path));
  const known = Object.keys({ ...former?.files, ...former?.replaced }).filter((path) => !paths.has(path));
  const removed = known.toSorted().map(async (path): Promise<readonly FileChange[]> => {
    const before = await textOf(join(folder, path));
    if (before === null) return [];
    return [{ path, kind: "removed", before, after: null, foreign: !isOwn(former, path, sha256(before)) }];
  });
  const changes = [...(await Promise.all(written)), ...(await Promise.all(removed)).flat()];
  return { folder, export: made, former, changes };
}

/** Errors: SCANFLOW_EXPORT_FOREIGN, whose message lists all files that would be lost. */
export function refuseForeign({ folder, changes }: Comparison): void {
  const foreign = changes.filter((change) => change.foreign).map(({ path }) => path);
  if (foreign.length === 0) return;
  throw new ScanflowError(
    "SCANFLOW_EXPORT_FOREIGN",
    `In ${folder} an export would take the place of what it did not write, or what was changed since: ${foreign.join(", ")}. Nothing was written. Move that elsewhere, name another folder with --out, or add --overwrite.`,
  );
}

/** Writes what changed. Ended at any moment, every file is the former or the new one, and the next export knows both. */
export async function writeFolder({ folder, export: made, former, changes }: Comparison): Promise<void> {
  const { application, target, files } = made;
  const manifest: ExportManifest = {
    format: 1,
    application,
    target,
    files: Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)])),
  };
  const replaced = { ...former?.replaced, ...former?.files };
  if (changes.some(({ kind }) => kind !== "same")) {
    await writeFileWhole(join(folder, manifestName), manifestText({ ...manifest, replaced }));
  }
  for (const { path, kind, after } of changes) {
    if (kind === "removed") await removeFile(folder, path);
    else if (kind !== "same") await writeFileWhole(join(folder, path), after ?? "");
  }
  const text = manifestText(manifest);
  if ((await textOf(join(folder, manifestName))) !== text) {
    await writeFileWhole(join(folder, manifestName), text);
  }
}

async function writeFileWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.part`;
  try {
    await writeFile(draft, text);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** With the folders that are empty then. */
async function removeFile(folder: string, path: string): Promise<void> {
  await rm(join(folder, path), { force: true });
  for (let above = dirname(path); above !== "."; above = dirname(above)) {
    const emptied = await rmdir(join(folder, above)).then(
      () => true,
      () => false,
    );
    if (!emptied) return;
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
