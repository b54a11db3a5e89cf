/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`;

export type ArtifactKind = "file" | "folder";

/**
 * A named output's content. A file's digest is the sha256 of its bytes, as `sha256sum` prints it; a folder's
 * is the sha256 of its manifest behind a marker, so a file and a folder never share one. `size` is in bytes;
 * for a folder, the sum over its files.
 */
export type Artifact = { readonly digest: Digest; readonly size: number; readonly kind: ArtifactKind };

/** A file of a folder. `path` is relative, with `/` between names; `size` is in bytes. */
export type FileEntry = {
  readonly kind: "file";
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  readonly executable?: true;
};

/** A symbolic link of a folder: `link` is its relative target, which lies in the same folder. */
export type LinkEntry = { readonly kind: "link"; readonly path: string; readonly link: string };

/** A folder with nothing in it; folders that hold something are implied by the paths below them. */
export type EmptyFolderEntry = { readonly kind: "folder"; readonly path: string };

/** One line of a folder's manifest. Times, owners and modes other than the executable bit are not kept. */
export type FolderEntry = FileEntry | LinkEntry | EmptyFolderEntry;
