import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The repository's root. */
export const root = join(import.meta.dirname, "../..");

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** TypeScript sources below a folder, without builds and dependencies. */
export function sources(folder: string): SourceFile[] {
  const ignored = /(^|\/)(node_modules|dist|\.scanflow|\.tmp)(\/|$)/;
  return globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root })
    .filter((path) => !ignored.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

export function isTest(path: string): boolean {
  return /\.test\.ts$|\.test\.support\.ts$|\.bench\.ts$|(^|\/)testing(\/|\.ts$)/.test(path);
}

/** The specifiers that a file imports, static and dynamic, types included. */
export function importsOf({ text }: SourceFile): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^;"']*?from\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']|(?:^|\n)import\s*["']([^"']+)["']/g;
  return [...code.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** Where a relative import leads, relative to the root. */
export function target(file: SourceFile, specifier: string): string {
  return relative(root, join(root, dirname(file.path), specifier));
}

/** Sources of ours that a process loads when it starts a file: what is imported with its values, not on first use. */
export function loadedBy(entry: string): string[] {
  const loaded = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const file = { path, text: readFileSync(join(root, path), "utf8") };
    for (const [, specifier = ""] of file.text.matchAll(importedValues)) {
      const found = specifier.startsWith(".") ? target(file, specifier) : sourceOf(specifier);
      if (found !== undefined) waiting.push(found);
    }
  }
  return [...loaded].sort();
}

const importedValues = /^(?:import|export)\s+(?!type\b)(?:[^;"']*?\sfrom\s*)?["']([^"']+)["']/gm;

/** The source of a package of ours, or of a part of it; undefined for any other specifier. */
function sourceOf(specifier: string): string | undefined {
  const [, name, part = ""] = /^@scanflow\/([^/]+)(\/.+)?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const { exports } = JSON.parse(readFileSync(join(root, `packages/${name}/package.json`), "utf8")) as {
    exports: Record<string, { source: string }>;
  };
  const source = exports[`.${part}`]?.source;
  return source === undefined ? undefined : join(`packages/${name}`, source);
}
