import type { Path, Report } from "../problem.ts";
import type { ProjectReader } from "../project.ts";
import type { NodeDefaults } from "./defaults.ts";

/** What a reader of one part of a document needs beside the part itself. */
export interface Reading {
  /** Where the part stands. */
  readonly path: Path;
  readonly report: Report;
}

export interface NodeReading extends Reading {
  readonly name: string;
  readonly projects: ProjectReader | undefined;
  readonly checks: readonly string[] | undefined;
  readonly defaults: NodeDefaults;
}

/** The same reading one step further in. */
export function at<R extends Reading>(reading: R, ...keys: readonly (string | number)[]): R {
  return { ...reading, path: [...reading.path, ...keys] };
}

/** A mapping with each of its values read. */
export function readMapping<From, To>(
  written: Readonly<Record<string, From>> | undefined,
  read: (value: From, name: string) => To | undefined,
): Record<string, To> {
  const entries: [string, To][] = [];
  for (const [name, value] of Object.entries(written ?? {})) {
    const result = read(value, name);
    if (result !== undefined) entries.push([name, result]);
  }
  return Object.fromEntries(entries);
}
