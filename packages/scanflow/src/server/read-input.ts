import { ScanflowError } from "@scanflow/core";
import { z } from "zod";
import type { Route } from "../api/index.ts";

/** What a route is called with, checked by the table. Errors: SCANFLOW_REQUEST_INVALID. */
export function readInput(route: Route, input: unknown): Record<string, unknown> {
  const parsed = z.strictObject(route.input.shape).safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ScanflowError(
    "SCANFLOW_REQUEST_INVALID",
    `${route.method} ${route.path}: ${parsed.error.issues.map(problemText).join("; ")}. See /api/openapi.json for what it takes.`,
  );
}

function problemText({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `"${path.join(".")}": ${message}`;
}
