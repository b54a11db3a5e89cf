import { resolve } from "node:path";
import type { AttemptSpec } from "../runner.ts";
import type { StepFunction } from "./perform-step.ts";

/** The function behind a command. A check is one of ours, which lies beside this room from sources and from a build alike. */
export function stepFunction(command: AttemptSpec["command"], root: string): StepFunction {
  if (command.kind === "module") return { module: resolve(root, command.module), export: command.export };
  if (command.kind !== "check") throw new TypeError(`not a function: ${command.kind}`);
  const extension = import.meta.filename.endsWith(".ts") ? "ts" : "js";
  return {
    module: resolve(import.meta.dirname, `../../check/check-step.${extension}`),
    export: "default",
  };
}
