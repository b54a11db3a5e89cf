import type { Application, Locate, Path, Problem } from "@scanflow/core";

/** An application with the config that it was read from. */
export interface LoadedApplication {
  readonly application: Application;
  /** The config (absolute). */
  readonly file: string;
  /** The config's folder (absolute): paths in the definition are relative to it. */
  readonly root: string;
  /** What is worth a hint and stops nothing. */
  readonly warnings: readonly Problem[];
  /** The document as it was read, and where its parts stand. */
  readonly written: {
    readonly document: unknown;
    readonly locate: Locate;
    /** The path in the file of what stands at a path of the document, where the two differ. */
    readonly pathOf?: (path: Path) => Path;
  };
}
