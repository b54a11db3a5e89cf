import { createHash } from "node:crypto";
import type { BuiltImage, ImageFile, ImageRecipe } from "./image-recipe.ts";

interface Written extends Omit<BuiltImage, "kind" | "ref" | "digest" | "needs" | "dockerfilePath"> {
  /** What the ref says before the digest, such as `digits` or `scanflow:0.1.0`. */
  readonly name: string;
  readonly needs?: readonly ImageRecipe[];
  readonly dockerfilePath?: string;
}

/** A part of every digest: raise it when the same recipe gives another image. */
const generation = 1;

/** The recipe with its digest and its name. The digest is of what decides the image, not of what it is made for. */
export function buildRecipe({
  name,
  needs = [],
  dockerfilePath = "Dockerfile",
  ...recipe
}: Written): BuiltImage {
  const { dockerfile, files } = recipe;
  const facts = [
    generation,
    dockerfile,
    files.map(factOf).sort(),
    needs.map((need) => (need.kind === "build" ? need.digest : need.ref)),
  ];
  const digest = sha256(JSON.stringify(facts));
  const short = digest.slice(0, 12);
  const ref = `scanflow/${name}${name.includes(":") ? "-" : ":"}${short}`;
  return Object.freeze({ kind: "build", ref, digest, needs, dockerfilePath, ...recipe });
}

function factOf(file: ImageFile): string {
  switch (file.kind) {
    case "text":
      return JSON.stringify([file.path, "file", sha256(file.text), false]);
    case "file":
      return JSON.stringify([file.path, "file", file.sha256, file.executable]);
    case "link":
      return JSON.stringify([file.path, "link", file.target]);
    case "folder":
      return JSON.stringify([file.path, "folder"]);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
