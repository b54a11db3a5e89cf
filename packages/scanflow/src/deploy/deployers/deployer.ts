import type { Deployment, ExportedFile } from "../target.ts";

/** What is brought to a platform, or taken from it. */
export interface Placed {
  readonly deployment: Deployment;
  readonly files: readonly ExportedFile[];
  /** Where the files lie (absolute). */
  readonly folder: string;
  /** The application's folder (absolute). */
  readonly root: string;
}

/** A command of the platform's own tool. */
export interface Step {
  readonly words: readonly string[];
  /** Variables besides those of this process. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Something that must be so before anything starts. */
export interface Question extends Step {
  /** Whether it matters only where something is brought, not where it is taken away. */
  readonly bringing?: true;
  /** What is wrong by what the tool answered; undefined: nothing. `code` is its exit code. */
  readonly judge: (answer: Answer) => Refusal | undefined;
}

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Refusal {
  readonly code: string;
  /** Ends with what to do. */
  readonly message: string;
}

/** How a target is deployed: the commands that people would type themselves. */
export interface Deployer {
  /** The program that all steps begin with. */
  readonly tool: string;
  /** What to do where it is missing. */
  readonly install: string;
  readonly before: (placed: Placed) => readonly Question[];
  readonly up: (placed: Placed) => readonly Step[];
  /** Says what would change on the platform, and exits with 1 when something would; undefined: the files alone can say. */
  readonly diff?: (placed: Placed) => Step;
  readonly down: (placed: Placed, options: { readonly volumes: boolean }) => readonly Step[];
  /** Volumes that `down` leaves: the command that lists their names, and the one that removes those that are named. */
  readonly volumes?: (placed: Placed) => { readonly list: Step; readonly remove: readonly string[] };
  /** Commands whose output is empty once all is gone. */
  readonly left: (placed: Placed) => readonly Step[];
}
