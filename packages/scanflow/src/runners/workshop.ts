import type { ArtifactAccess } from "./artifact-access.ts";
import type { ModuleCode } from "./code/module-code.ts";
import type { CheckpointFolders } from "./contract/checkpoint-folders.ts";
import type { StepPool } from "./function/step-pool.ts";
import type { Launcher } from "./process/launcher/launcher.ts";
import type { PythonEnvironments } from "./python/python-environments.ts";
import type { Ports } from "./service/ports.ts";

/** What attempts share that this machine carries out. */
export interface Bench {
  readonly artifacts: ArtifactAccess;
  /** The owner's environment: secrets are read from it. */
  readonly owner: NodeJS.ProcessEnv;
  readonly graceMs: number;
  /** Most bytes of log kept of an attempt. */
  readonly logLimit: number;
}

/** What all attempts of a process runner share. */
export interface Workshop extends Bench {
  /** Folder for what is built once and kept, such as Python environments. */
  readonly cacheDir: string;
  /** What tasks inherit of the owner's environment. */
  readonly inherited: Readonly<Record<string, string>>;
  readonly launcher: Launcher;
  readonly checkpoints: CheckpointFolders;
  readonly environments: PythonEnvironments;
  readonly steps: StepPool;
  readonly code: ModuleCode;
  readonly ports: Ports;
}
