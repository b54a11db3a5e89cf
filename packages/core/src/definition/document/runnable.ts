import * as z from "zod";
import { command } from "./command.ts";
import { environment } from "./environment.ts";
import { inputs } from "./input.ts";
import { map } from "./map.ts";
import { shared } from "./node.ts";
import { outputs } from "./output.ts";
import { paramValues } from "./param.ts";
import { placement } from "./placement.ts";
import { resources } from "./resources.ts";
import { retry } from "./retry.ts";
import { timeout } from "./timeout.ts";

/** Settings that nodes may inherit from the `defaults` of their workflow. */
export const inheritable = {
  environment: environment.optional(),
  resources: resources.optional(),
  placement: placement.optional(),
  retry: retry.optional(),
  timeout: timeout.optional(),
  cache: z.boolean().optional().describe("Whether an unchanged task is taken from the cache. Default true."),
};

const globs = z.union([z.string().min(1), z.array(z.string().min(1))], {
  error: "expected a glob, or a list of globs",
});

/** What executors, checkers and services have in common. */
export const runnable = {
  ...shared,
  run: command,
  code: globs
    .optional()
    .describe("Globs of the files that make up the code. Default: see the node contract."),
  inputs: inputs.optional(),
  outputs: outputs.optional(),
  params: paramValues.optional(),
  ...inheritable,
  env: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()], { error: "expected text" }))
    .optional()
    .describe("Extra environment variables, in the clear: never put a secret here."),
  secrets: z
    .array(z.string())
    .optional()
    .describe(
      "Names of environment variables of the owner, handed over at the last moment and masked in logs.",
    ),
  map: map.optional(),
  allowFailure: z
    .boolean()
    .optional()
    .describe("A failure here does not fail the run; what needs its outputs is skipped. Default false."),
};
