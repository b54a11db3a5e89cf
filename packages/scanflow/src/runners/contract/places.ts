import { mkdirSync } from "node:fs";
import { dirname, extname, isAbsolute, join, relative, sep } from "node:path";
import { ScanflowError } from "@scanflow/core";
import type { AttemptSpec } from "../runner.ts";

/** Where the files of an attempt lie. */
export interface Places {
  /** Below the attempt's folder. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Beside it: to make and remove a folder costs more than to start a process on some file systems. */
  readonly params: string;
  readonly result: string;
  readonly heartbeat: string;
  readonly process: string;
}

type Placed = Pick<AttemptSpec, "task" | "workdir" | "inputs" | "inputFiles" | "outputs" | "params">;

/**
 * An input lies at `inputs/<name>` with the extension of the file it comes from (many readers go by it), an output
 * at `outputs/<its path>`. Attempts without parameters share one file that says so, below `cacheDir`.
 */
export function placesOf(spec: Placed, cacheDir: string): Places {
  const { workdir, params } = spec;
  return {
    ...inputsAndOutputs(spec, workdir),
    ...scratchFiles(workdir),
    ...(Object.keys(params).length === 0 ? { params: join(cacheDir, "empty-params.json") } : {}),
  };
}

/** Where a container has the files of an attempt, and those of the application (both absolute). */
export interface Site {
  readonly folder: string;
  readonly root: string;
}

export const containerSite: Site = { folder: "/scanflow", root: "/app" };

export interface SitePlaces extends Places {
  readonly checkpoint: string;
  /** What `shim step` reads its task from. */
  readonly step: string;
  /** Where `shim step` writes metrics, tags and its end, a JSON document a line. */
  readonly logged: string;
}

/** The same in a container, which has its folder to itself. */
export function sitePlaces(spec: Placed, { folder }: Site): SitePlaces {
  return {
    ...inputsAndOutputs(spec, folder),
    params: join(folder, "params.json"),
    result: join(folder, "result.json"),
    heartbeat: join(folder, "heartbeat"),
    process: join(folder, "process.json"),
    checkpoint: join(folder, "checkpoint"),
    step: join(folder, "step.json"),
    logged: join(folder, "logged.ndjson"),
  };
}

function inputsAndOutputs(
  { task, inputs, inputFiles = {}, outputs }: Placed,
  folder: string,
): Pick<Places, "inputs" | "outputs"> {
  const root = join(folder, "outputs");
  return {
    inputs: mapValues(inputs, (_, name) =>
      join(folder, "inputs", `${name}${extname(inputFiles[name] ?? "")}`),
    ),
    outputs: mapValues(outputs, ({ path }, name) => {
      const place = join(root, path);
      const inside = relative(root, place);
      if (!isAbsolute(path) && inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`))
        return place;
      throw new ScanflowError(
        "SCANFLOW_OUTPUT_INVALID",
        `Output "${name}" of task "${task}" has the path "${path}", which leads out of the task's folder. Give a relative path without "..".`,
      );
    }),
  };
}

export function scratchFiles(workdir: string): Omit<Places, "inputs" | "outputs"> {
  return {
    params: `${workdir}.params.json`,
    result: `${workdir}.result.json`,
    heartbeat: `${workdir}.heartbeat`,
    process: `${workdir}.process.json`,
  };
}

/** Makes the folders that outputs are written in. */
export function makeFolders({ outputs }: Places): void {
  for (const folder of new Set(Object.values(outputs).map((path) => dirname(path)))) {
    mkdirSync(folder, { recursive: true });
  }
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value, key: string) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
