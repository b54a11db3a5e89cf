import type { AttemptSpec } from "../runner.ts";

/** Has the images of an attempt where nodes of the cluster can fetch them, and says how they are called there. */
export type PodImages = (
  spec: Pick<AttemptSpec, "task" | "command" | "environment" | "origin">,
  note: (line: string) => void,
) => Promise<{
  /** What the command runs in. */
  readonly main: string;
  /** What has the shim, and how it is started there. */
  readonly shim: { readonly image: string; readonly command: readonly string[] };
}>;
