import { checkFormat, noArchive, unsafe } from "@scanflow/tracking/archive";
import { z } from "zod";

/** The format that this version writes where images come along. It reads all from 1 to this one. */
export const packFormat = 3;

/** The format with versions of data, without images. */
export const dataFormat = 2;

/** The format without versions of data, which every version reads. */
export const plainFormat = 1;

/** The manifest is the archive's first file; it names every other file in the order in which they follow. */
export const manifestPath = "manifest.json";

export const largestManifest = 64 * 1024 * 1024;

const hex = z.string().regex(/^[0-9a-f]{64}$/);

const packFile = z.strictObject({
  path: z.string(),
  size: z.int().nonnegative(),
  sha256: hex,
  executable: z.literal(true).exactOptional(),
});

/** An image: the name that tasks use, and its name in the archive of images. */
const packedImage = z.strictObject({ ref: z.string().min(1).max(500), saved: z.string().min(1).max(500) });

const packManifest = z.strictObject({
  format: z.literal([plainFormat, dataFormat, packFormat]),
  application: z.string(),
  /** Version of Scanflow that wrote it. */
  scanflow: z.string(),
  /** Ids of the runs that are in it. */
  runs: z.array(z.string()),
  /** What the archive of images holds. */
  images: z.array(packedImage).exactOptional(),
  files: z.array(packFile),
});

/** A file of an archive: `size` in bytes. */
export type PackFile = z.output<typeof packFile>;
export type PackedImage = z.output<typeof packedImage>;
export type PackManifest = z.output<typeof packManifest>;

/** The parts of an archive. */
export const parts = {
  /** The application's folder. */
  application: "application/",
  /** What goes into `.scanflow`. */
  state: "state/",
  /** Content by its sha256. */
  blobs: "artifacts/files/",
  /** What folders hold, by the digest of the folder. */
  folders: "artifacts/folders/",
  /** What is said of the versions of data that the workflows name. */
  data: "data/versions.json",
  /** Images, as `docker save` writes them. */
  images: "images/images.tar",
} as const;

/** Errors: SCANFLOW_PACK_FORMAT, SCANFLOW_PACK_DAMAGED, SCANFLOW_PACK_UNSAFE. */
export function readManifest(text: string): PackManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw noArchive("its manifest is no JSON", cause);
  }
  const format = z.looseObject({ format: z.number() }).safeParse(json);
  if (format.success) checkFormat(format.data.format, packFormat);
  const parsed = packManifest.safeParse(json);
  if (!parsed.success) {
    const [problem] = z.prettifyError(parsed.error).split("\n");
    throw noArchive(`its manifest is malformed: ${problem}`);
  }
  const { images = [], files } = parsed.data;
  if (images.length > 0 !== files.some(({ path }) => path === parts.images)) {
    throw noArchive("it names images and does not hold them, or holds them and does not name them");
  }
  checkPaths(files.map(({ path }) => path));
  return parsed.data;
}

function checkPaths(paths: readonly string[]): void {
  const taken = new Set<string>();
  const above = new Set<string>();
  for (const path of paths) {
    if (!isSafe(path)) throw unsafe(`names the path ${JSON.stringify(path)}, which leaves its place`);
    const folded = path.normalize("NFC").toLowerCase();
    if (taken.has(folded)) throw unsafe(`names ${JSON.stringify(path)} twice`);
    taken.add(folded);
    for (let at = folded.indexOf("/"); at >= 0; at = folded.indexOf("/", at + 1))
      above.add(folded.slice(0, at));
  }
  const both = paths.find((path) => above.has(path.normalize("NFC").toLowerCase()));
  if (both !== undefined) throw unsafe(`names ${JSON.stringify(both)} as a file and as a folder`);
}

/** Relative, inside one of the parts, in its plain form, and not in the state unless it belongs there. */
function isSafe(path: string): boolean {
  if (!path.isWellFormed() || /[\0\\]/.test(path)) return false;
  const names = path.split("/");
  if (names.some((name) => name === "" || name === "." || name === "..")) return false;
  if (path.startsWith(parts.blobs) || path.startsWith(parts.folders)) {
    return names.length === 3 && /^[0-9a-f]{64}(\.json)?$/.test(names[2] ?? "");
  }
  if (path === parts.data || path === parts.images) return true;
  if (path.startsWith(parts.state))
    return /^state\/(scanflow\.db|trackers\/[^/]+\.db|logs\/[^/]+\/[^/]+)$/.test(path);
  return path.startsWith(parts.application) && names[1]?.toLowerCase() !== ".scanflow";
}
