import * as z from "zod";
import { reference } from "./input.ts";
import { NODE_SCHEMAS } from "./kinds.ts";
import { paramDefinitions } from "./param.ts";
import { inheritable } from "./runnable.ts";
import { schedules } from "./schedule.ts";
import { description, mapping, names } from "./text.ts";

const settings = {
  description,
  mode: z.enum(["batch", "online"]).optional().describe('Runs to an end, or stays up. Default "batch".'),
  params: paramDefinitions.optional(),
  inputs: names.optional().describe("Names of the artifacts that a surrounding workflow hands in."),
  outputs: mapping(reference).optional().describe("What a surrounding workflow may refer to."),
  schedules: schedules.optional(),
  defaults: z
    .strictObject(inheritable)
    .optional()
    .describe(
      "Settings of all nodes that do not say otherwise; resources, placement, retry and timeout key by key.",
    ),
};

/** A mapping from names to things, or a list of things that each have a `name`. */
export function collection<Item extends z.ZodType, Listed extends z.ZodType>(item: Item, listed: Listed) {
  return z.union([mapping(item), z.array(listed)], {
    error: "expected a mapping from names, or a list of items that each have a name",
  });
}

/** A workflow whose nodes are checked one by one, each by the schema of its kind. */
export const workflowShell = z.strictObject({ ...settings, nodes: collection(z.unknown(), z.unknown()) });

const name = { name: z.string() };
const node = z.union(Object.values(NODE_SCHEMAS));
const listedNode = z.union([
  NODE_SCHEMAS.executor.extend(name),
  NODE_SCHEMAS.checker.extend(name),
  NODE_SCHEMAS.service.extend(name),
  NODE_SCHEMAS.workflow.extend(name),
  NODE_SCHEMAS.choice.extend(name),
  NODE_SCHEMAS.approval.extend(name),
  NODE_SCHEMAS.labeling.extend(name),
  NODE_SCHEMAS.tracker.extend(name),
]);

/** A whole workflow, nodes included. */
export const workflow = z
  .strictObject({ ...settings, nodes: collection(node, listedNode).describe("Its nodes, by name.") })
  .describe("A directed acyclic graph of nodes.")
  .meta({ id: "Workflow" });

export const listedWorkflow = workflow.extend(name);
