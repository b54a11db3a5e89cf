import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { z } from "zod";

export const manifestName = ".scanflow-export.json";

const digests = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));

const exportManifest = z.strictObject({
  format: z.literal(1),
  application: z.string(),
  target: z.string(),
  /** Every file of the export with its sha256. */
  files: digests,
  /** While an export is being written: what it takes the place of. */
  replaced: digests.optional(),
});

/** What an export wrote into a folder, so that the next one knows which files are its own. */
export type ExportManifest = z.output<typeof exportManifest>;

/** The manifest of a folder; null when no export was written there. Errors: SCANFLOW_EXPORT_MANIFEST. */
export async function readExportManifest(folder: string): Promise<ExportManifest | null> {
  const file = join(folder, manifestName);
  try {
    return exportManifest.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new ScanflowError(
      "SCANFLOW_EXPORT_MANIFEST",
      `${file} cannot be read as the list of an export, so it is not known which files are Scanflow's. Remove it with the files of the export, or export into another folder with --out.`,
      { cause },
    );
  }
}

/** Whether a file's content is what an export wrote there. */
export function isOwn(manifest: ExportManifest | null, path: string, digest: string): boolean {
  return manifest?.files[path] === digest || manifest?.replaced?.[path] === digest;
}

export function manifestText(manifest: ExportManifest): string {
  const sorted = (record: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const { files, replaced, ...rest } = manifest;
  const parts = { ...rest, files: sorted(files), ...(replaced && { replaced: sorted(replaced) }) };
  return `${JSON.stringify(parts, null, 2)}\n`;
}
