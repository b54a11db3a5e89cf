import { basename } from "node:path";
import { ScanflowError } from "@scanflow/core";
import {
  placeFiles,
  type RequirementLine,
  readRequirements,
  requirementLine,
} from "../requirements/index.ts";
import { describeFile } from "./describe-file.ts";
import type { ImageFile } from "./image-recipe.ts";

/** The folder in a build's context. */
const folder = "requirements";

/**
 * What pip needs in a build: `requirements/requirements.txt`, with the files that it refers to beside it and copies of
 * the local packages that they name; every reference leads to the copy. No file when nothing is asked for. Errors:
 * SCANFLOW_ENVIRONMENT_MISSING, SCANFLOW_IMAGE_CONTEXT.
 */
export async function packRequirements(
  root: string,
  wanted: { readonly requirements: string | null; readonly packages: readonly string[] },
): Promise<ImageFile[]> {
  const files = wanted.requirements === null ? [] : readRequirements(root, wanted.requirements);
  const packages = [...wanted.packages].sort().map((text) => packageLine(root, text));
  if (files.length === 0 && packages.length === 0) return [];
  const [main, ...nested] = files;
  const names = new Map(nested.map(({ file }, at) => [file, `${at + 1}-${basename(file)}`]));
  const places = new Map<string, string>();
  const textOf = (lines: readonly RequirementLine[]) =>
    lines.map((line) => `${rewritten(line, names, places)}\n`).join("");
  const packed: ImageFile[] = [
    { kind: "text", path: `${folder}/requirements.txt`, text: textOf([...(main?.lines ?? []), ...packages]) },
    ...nested.map(({ file, lines }): ImageFile => {
      return { kind: "text", path: `${folder}/${names.get(file)}`, text: textOf(lines) };
    }),
  ];
  for (const [place, name] of places) {
    for (const { path, file } of placeFiles(place)) {
      packed.push(await describeFile(file, [folder, name, path].filter(Boolean).join("/")));
    }
  }
  return packed;
}

/** A package as it is written in a definition: one line that installs something. */
function packageLine(root: string, text: string): RequirementLine {
  const line = /[\r\n]/.test(text)
    ? undefined
    : requirementLine(text.trim(), { root, file: `${root}/packages` });
  if (line?.kind === "local" || (line?.kind === "plain" && !text.startsWith("-"))) return line;
  throw new ScanflowError(
    "SCANFLOW_ENVIRONMENT_UNSUPPORTED",
    `The package ${JSON.stringify(text)} is not the name of one. Write a package as pip takes it, such as "numpy==2.1.0", and options into a requirements file.`,
  );
}

/** The line as it stands in the image. Editable packages are installed as they are: what they are made from stays outside. */
function rewritten(
  line: RequirementLine,
  names: ReadonlyMap<string, string>,
  places: Map<string, string>,
): string {
  if (line.kind === "plain") return line.text;
  if (line.kind === "nested") return `${line.flag} ${names.get(line.file) ?? "requirements.txt"}`;
  const plain = basename(line.place);
  const name =
    places.get(line.place) ?? `local/${places.size}/${/^[\w.+-]+$/.test(plain) ? plain : "package"}`;
  places.set(line.place, name);
  return line.kind === "links" ? `--find-links ${name}` : `./${name}${line.extras}${line.rest}`;
}
