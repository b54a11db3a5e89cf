import * as z from "zod";
import type { JsonObject } from "../../json.ts";
import { application } from "./application.ts";

/**
 * The JSON Schema (draft 2020-12) of `scanflow.yaml`, for editors. It describes the form of a document; what
 * refers to what is checked by `parseApplication` alone.
 */
export function documentSchema(): JsonObject {
  const schema = z.toJSONSchema(application, { io: "input", unrepresentable: "any" });
  return { ...JSON.parse(JSON.stringify(schema)), title: "scanflow.yaml" };
}
