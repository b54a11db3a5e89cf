import type { Plan, WorkTask } from "@scanflow/core";
import type { DeployOptions } from "./options.ts";

export type TargetName = "compose" | "stack" | "kubernetes" | "argo" | "kserve";

/** A workflow of the application, as it is exported. */
export interface PlannedWorkflow {
  /** Its records have sorted keys: what an exporter makes of them does not hang on the order they were written in. */
  readonly plan: Plan;
  /** sha256 of the plan's JSON, as the journal names it. */
  readonly digest: string;
}

/** The images that an export names; they need not be there yet. */
export interface DeployImages {
  /** The image with Scanflow itself: the engine, the trackers, and what containers fetch and publish with. */
  readonly scanflow: string;
  /** The image of a task's environment. */
  readonly of: (task: WorkTask) => string;
  /** The same with the shim in it, and the command line that starts that. */
  readonly worker: (task: WorkTask) => { readonly image: string; readonly shim: readonly string[] };
}

/** A file of the application's folder, as it is. */
export interface ApplicationFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

/** What an exporter sees: an application with the plans of all workflows that are to be deployed. */
export interface Deployment {
  readonly application: string;
  readonly description: string;
  /** The main workflow, when it is among the plans, else the first of them. */
  readonly main: PlannedWorkflow;
  /** In the order of the definition. */
  readonly workflows: readonly PlannedWorkflow[];
  /** sha256 over the digests of the plans. */
  readonly digest: string;
  readonly images: DeployImages;
  /** The application's files in the order of their paths, where the target asks for them. */
  readonly files: readonly ApplicationFile[];
  /** What workflows name and is no file of the application's folder, where the target asks for files. */
  readonly leftOut: readonly string[];
  readonly options: DeployOptions;
}

/** A file of an export. The same deployment gives the same bytes. */
export interface ExportedFile {
  /** Relative to the folder of the export, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Something that a definition asks for and a target cannot do. */
export interface Lack {
  readonly workflow: string;
  /** Id of the task; null: the workflow as a whole. */
  readonly task: string | null;
  /** What the target cannot do, as a sentence without its dot: `Compose has no schedules`. */
  readonly reason: string;
  /** What to change, as a sentence without its dot: `Take "schedules" out or export to kubernetes`. */
  readonly change: string;
}

/** A platform that applications are exported to: pure functions from the deployment to files that people can read. */
export interface Target {
  readonly name: TargetName;
  /** What becomes of the application there, as half a sentence. */
  readonly describe: string;
  /** Whether the export holds the application's own files. */
  readonly needsFiles?: true;
  /** All that the target lacks for this deployment; the export is made only when there is nothing. */
  readonly refuse: (deployment: Deployment) => readonly Lack[];
  readonly export: (deployment: Deployment) => readonly ExportedFile[];
  /** The one command that applies what was exported into a folder. */
  readonly apply: (deployment: Deployment, folder: string) => string;
}
