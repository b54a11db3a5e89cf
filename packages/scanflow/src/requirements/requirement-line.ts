import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** A line of a requirements file, by what it refers to; all paths are absolute. */
export type RequirementLine =
  /** A package of an index, or an option. */
  | { readonly kind: "plain"; readonly text: string }
  /** Another requirements file. */
  | { readonly kind: "nested"; readonly text: string; readonly flag: "-r" | "-c"; readonly file: string }
  /** A file or folder of this machine that is installed; `rest` are extras, markers and options behind it. */
  | {
      readonly kind: "local";
      readonly text: string;
      readonly place: string;
      readonly extras: string;
      readonly rest: string;
    }
  /** A folder of this machine in which packages are looked for. */
  | { readonly kind: "links"; readonly text: string; readonly place: string };

const nested = /^(-r|-c|--requirement|--constraint)[\s=]*(\S+)/;
const links = /^(?:-f|--find-links)[\s=]+(\S+)/;
const editable = /^(?:-e|--editable)[\s=]+/;

/** Reads a line of the file; local paths are relative to the root, as pip is started there, or to the file. */
export function requirementLine(
  text: string,
  { root, file }: { root: string; file: string },
): RequirementLine {
  const folders = [root, dirname(file)];
  const [, flag, path] = nested.exec(text) ?? [];
  if (flag !== undefined && path !== undefined) {
    const short = flag === "-c" || flag === "--constraint" ? "-c" : "-r";
    return { kind: "nested", text, flag: short, file: resolve(dirname(file), path) };
  }
  const linked = links.exec(text)?.[1];
  if (linked !== undefined) {
    const place = linked.includes("://") ? undefined : existing(folders, linked);
    return place === undefined ? { kind: "plain", text } : { kind: "links", text, place };
  }
  return local(text, folders) ?? { kind: "plain", text };
}

/** `./package[extra] ; marker`, `-e ./package`, `name[extra] @ file:///place`, or a wheel. */
function local(text: string, folders: readonly string[]): RequirementLine | undefined {
  const line = text.replace(editable, "");
  const [, extrasOfName = "", url, behind = ""] =
    /^[^\s@[]+\s*(\[[^\]]*\])?\s*@\s*(file:\S+)(.*)$/.exec(line) ?? [];
  if (url !== undefined) {
    const place = URL.canParse(url) ? existing(folders, fileURLToPath(url)) : undefined;
    return place === undefined
      ? undefined
      : { kind: "local", text, place, extras: extrasOfName, rest: behind };
  }
  const [, path = "", extras = "", rest = ""] = /^([^\s;[]+)(\[[^\]]*\])?(.*)$/.exec(line) ?? [];
  if (path.startsWith("file:")) {
    const place = URL.canParse(path) ? existing(folders, fileURLToPath(path)) : undefined;
    return place === undefined ? undefined : { kind: "local", text, place, extras, rest };
  }
  if (path.includes("://")) return undefined;
  if (line === text && !/^[./]|\/|\.whl$|\.tar\.gz$|\.zip$/.test(path)) return undefined;
  const place = existing(folders, path);
  return place === undefined ? undefined : { kind: "local", text, place, extras, rest };
}

function existing(folders: readonly string[], path: string): string | undefined {
  return folders
    .map((folder) => resolve(folder, path))
    .find((place) => statSync(place, { throwIfNoEntry: false }) !== undefined);
}
