import type { Schedule, Workflow, WorkNode } from "../definition.ts";
import type { WorkflowDocument } from "../document/document.ts";
import { workflowShell } from "../document/workflow.ts";
import { checkForm } from "../issues.ts";
import type { NodeSite, TrackerSite, WorkflowSite } from "../site.ts";
import { type Entry, entriesOf, firstByName } from "./collection.ts";
import { at, type NodeReading, type Reading } from "./context.ts";
import { DEFINITION_DEFAULTS } from "./defaults.ts";
import { readNode } from "./node.ts";
import { readParamDefinitions } from "./param.ts";
import { readReferences } from "./reference.ts";
import { readSettings } from "./settings.ts";

/** A workflow with its defaults filled in; undefined when its form is wrong, which is reported. */
export function readWorkflow(
  { name, written, path }: Entry,
  { report, projects, checks }: Pick<NodeReading, "report" | "projects" | "checks">,
): WorkflowSite | undefined {
  const formed = checkForm(written, { schema: workflowShell, path, report });
  if (formed === undefined) return undefined;
  const { value: form, broken } = formed;
  const reading: Reading = { path, report };
  const defaults = readSettings(form.defaults ?? {}, DEFINITION_DEFAULTS.node);
  const nodes: NodeSite[] = [];
  const trackers: TrackerSite[] = [];
  const unread = new Set<string>();
  for (const entry of entriesOf(form.nodes, at(reading, "nodes"))) {
    const node = readNode(entry.written, {
      name: entry.name,
      path: entry.path,
      report,
      defaults,
      projects,
      checks,
    });
    if (node === undefined) unread.add(entry.name);
    else if (node.kind === "tracker") trackers.push({ node, path: entry.path });
    else nodes.push({ node, path: entry.path });
  }
  const outputs = readReferences(form.outputs, reading);
  const lostOutputs = Object.keys(outputs).length < Object.keys(form.outputs ?? {}).length;
  const workflow: Workflow = {
    kind: "workflow",
    name,
    description: form.description ?? "",
    mode: form.mode ?? DEFINITION_DEFAULTS.workflow.mode,
    params: readParamDefinitions(form.params),
    inputs: form.inputs ?? [],
    outputs,
    tracker: trackers[0]?.node ?? null,
    nodes: nodes.map(({ node }): WorkNode => node),
    schedules: (form.schedules ?? []).map(readSchedule),
  };
  const named = firstByName(nodes.map((site) => [site.node.name, site]));
  return {
    workflow,
    path,
    nodes,
    named,
    trackers,
    unread,
    broken: lostOutputs ? new Set([...broken, "outputs"]) : broken,
  };
}

function readSchedule({
  cron,
  timezone,
  params = {},
}: NonNullable<WorkflowDocument["schedules"]>[number]): Schedule {
  // So that one time is written in one way, whatever lies between its fields.
  const fields = cron.trim().split(/\s+/).join(" ");
  return { cron: fields, timezone: timezone ?? DEFINITION_DEFAULTS.schedule.timezone, params };
}
