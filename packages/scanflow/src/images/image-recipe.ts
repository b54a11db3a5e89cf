import type { TarPlace } from "@scanflow/tracking/archive";

/**
 * How an image comes to be. Plain data: making one asks no Docker, so exporters know the names of images, too. Make it
 * with `recipeOf`, have it with `Images.need`.
 */
export type ImageRecipe = GivenImage | BuiltImage;

/** An image that somebody else made; it is used as it is. */
export interface GivenImage {
  readonly kind: "given";
  /** As it was written, such as `ghcr.io/team/model:2`. */
  readonly ref: string;
  readonly needs: readonly [];
  readonly shim: null;
}

/** An image that is built from a Dockerfile and a few files. */
export interface BuiltImage {
  readonly kind: "build";
  /** `scanflow/<name>:<first 12 digits of the digest>`, without a registry. */
  readonly ref: string;
  /** sha256 of all that decides what the image holds, as 64 hexadecimal digits. */
  readonly digest: string;
  /** What it is, in a few words, such as `python 3.13`. */
  readonly about: string;
  readonly dockerfile: string;
  /** The Dockerfile is somebody's own, and is built from as it stands. */
  readonly asWritten?: true;
  /** Where the Dockerfile lies among the files. */
  readonly dockerfilePath: string;
  /** What the Dockerfile copies from. */
  readonly files: readonly ImageFile[];
  /** The images that the Dockerfile begins with or copies from and that may have to be made first. */
  readonly needs: readonly ImageRecipe[];
  /** It is Scanflow's own, for all applications. */
  readonly shared?: true;
  /** The command line that starts the shim in this image, to which its arguments are added; null: it has none. */
  readonly shim: readonly string[] | null;
}

/** Something in a build's context; `path` has `/` between names. */
export type ImageFile =
  | { readonly kind: "text"; readonly path: string; readonly text: string }
  | {
      readonly kind: "file";
      readonly path: string;
      /** Where it lies (absolute). */
      readonly file: string;
      /** In bytes. */
      readonly size: number;
      /** 64 hexadecimal digits. */
      readonly sha256: string;
      readonly executable: boolean;
    }
  | TarPlace;
