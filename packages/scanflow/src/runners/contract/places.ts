import { mkdirSync } from "node:fs";
import { dirname, extname, join, relative, sep } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { systemCode } from "../outcome.ts";
import type { AttemptSpec } from "../runner.ts";

/** Where the files of an attempt lie, all below its folder. */
export interface Places {
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly params: string;
  readonly result: string;
  readonly heartbeat: string;
  readonly process: string;
}

type Placed = Pick<AttemptSpec, "task" | "workdir" | "inputs" | "inputFiles" | "outputs">;

/**
 * An input lies at `inputs/<name>` with the extension of the file it comes from (many readers go by it), an output
 * at `outputs/<its path>`.
 */
export function placesOf({ task, workdir, inputs, inputFiles = {}, outputs }: Placed): Places {
  const root = join(workdir, "outputs");
  return {
    inputs: mapValues(inputs, (_, name) =>
      join(workdir, "inputs", `${name}${extname(inputFiles[name] ?? "")}`),
    ),
    outputs: mapValues(outputs, ({ path }, name) => {
      const place = join(root, path);
      const inside = relative(root, place);
      if (inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`)) return place;
      throw new ScanflowError(
        "SCANFLOW_OUTPUT_INVALID",
        `Output "${name}" of task "${task}" has the path "${path}", which leads out of the task's folder. Give a relative path without "..".`,
      );
    }),
    params: join(workdir, "params.json"),
    result: join(workdir, "result.json"),
    heartbeat: join(workdir, "heartbeat"),
    process: join(workdir, "process.json"),
  };
}

/** Makes the attempt's folder and those that its outputs are written in. */
export function makeFolders(workdir: string, { outputs }: Places): void {
  makeFolder(workdir);
  for (const folder of new Set(Object.values(outputs).map((path) => dirname(path)))) {
    mkdirSync(folder, { recursive: true });
  }
}

/** Cheaper than a recursive `mkdir` where the parent stands, as it mostly does. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (systemCode(error) === "EEXIST") return;
    if (systemCode(error) !== "ENOENT") throw error;
    mkdirSync(path, { recursive: true });
  }
}

export function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value, key: string) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
