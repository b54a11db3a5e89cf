import { ScanflowError } from "@scanflow/core";

/**
 * An image's name as Docker takes it (distribution: reference/regexp.go), taken apart. `repository` includes the
 * registry.
 */
export interface ImageName {
  readonly repository: string;
  readonly tag: string | null;
  /** `sha256:…`. */
  readonly digest: string | null;
}

const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const host = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[0-9a-fA-F:]+\\])(?::\\d{1,5})?";
const repositoryPattern = `(?:${host}/)?${component}(?:/${component})*`;
const whole = new RegExp(`^(${repositoryPattern})(?::(\\w[\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`);
const prefix = new RegExp(`^${host}(?:/${component})*$`);

/** Errors: SCANFLOW_IMAGE_NAME. `where` says who names it so, such as `Task "fit"`. */
export function readImageName(text: string, where: string): ImageName {
  const [, repository, tag = null, digest = null] = whole.exec(text) ?? [];
  if (repository !== undefined && repository.length <= 255) return { repository, tag, digest };
  throw new ScanflowError(
    "SCANFLOW_IMAGE_NAME",
    `${where} names the image ${JSON.stringify(text)}, which is no name of one. Write it as registry/repository:tag, in small letters, such as python:3.13-slim-bookworm.`,
  );
}

/** The place of a registry that images are pushed to, such as `localhost:5000` or `ghcr.io/team`. Errors: SCANFLOW_IMAGE_NAME. */
export function readRegistry(text: string): string {
  const plain = text.replace(/\/+$/, "");
  const [first = ""] = plain.split("/");
  if (prefix.test(plain) && (/[.:]/.test(first) || first === "localhost" || plain.includes("/")))
    return plain;
  if (prefix.test(plain)) return `docker.io/${plain}`;
  throw new ScanflowError(
    "SCANFLOW_IMAGE_NAME",
    `The registry ${JSON.stringify(text)} is no place that images can be pushed to. Write host:port/prefix without a scheme, such as localhost:5000 or ghcr.io/team.`,
  );
}

/** The name of an image in a registry: that of a given image is left as it is. */
export function refIn(registry: string | undefined, { kind, ref }: { kind: string; ref: string }): string {
  return registry === undefined || kind === "given" ? ref : `${registry}/${ref}`;
}

/** A name made fit for a repository: small letters, digits and single dashes; `app` when nothing is left. */
export function slug(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  return plain === "" ? "app" : plain;
}
