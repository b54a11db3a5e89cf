import type { Command, Environment } from "@scanflow/core";
import { z } from "zod";

/**
 * Names of images that were built and pushed before, for an owner that has no Docker to build them with, as in a
 * cluster: an export writes it, and `SCANFLOW_IMAGES` names its file.
 */
export interface ImageTable {
  /** Of Scanflow itself. */
  readonly scanflow: string;
  /** By what decides a task's image. */
  readonly tasks: Readonly<Record<string, string>>;
}

const imageTable = z.strictObject({ scanflow: z.string(), tasks: z.record(z.string(), z.string()) });

/** Errors: those of zod and JSON, for a file that no export wrote. */
export function readImageTable(text: string): ImageTable {
  return imageTable.parse(JSON.parse(text));
}

/** What of a task decides its image, as a key: the same whatever the order that its environment is written in. */
export function imageKey(command: Command, environment: Environment): string {
  const entries = Object.entries(environment).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([command.kind, Object.fromEntries(entries)]);
}
