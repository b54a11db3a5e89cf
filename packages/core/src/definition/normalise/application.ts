import type { Application } from "../definition.ts";
import { applicationShell } from "../document/application.ts";
import { checkForm } from "../issues.ts";
import type { DefinitionSite, WorkflowSite } from "../site.ts";
import { entriesOf, firstByName } from "./collection.ts";
import { at, type NodeReading, type Reading } from "./context.ts";
import { readApplicationTracker } from "./tracker.ts";
import { readWorkflow } from "./workflow.ts";

/**
 * The application that a document describes, as far as it can be read; undefined when nothing of it can.
 * What cannot be read is reported.
 */
export function readApplication(
  document: unknown,
  { report, projects, checks }: Pick<NodeReading, "report" | "projects" | "checks">,
): DefinitionSite | undefined {
  const formed = checkForm(document, { schema: applicationShell, path: [], report });
  if (formed === undefined) return undefined;
  const { value: form, broken } = formed;
  const workflows: WorkflowSite[] = [];
  const unread = new Set<string>();
  const reading: Reading = { path: [], report };
  if (form.application === undefined && !broken.has("application")) {
    const message = '"application" is missing: the name of the application';
    report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path: [] });
  }
  for (const entry of entriesOf(form.workflows, at(reading, "workflows"))) {
    const site = readWorkflow(entry, { report, projects, checks });
    if (site) workflows.push(site);
    else unread.add(entry.name);
  }
  const [only] = workflows.length === 1 && unread.size === 0 ? workflows : [];
  const application: Application = {
    kind: "application",
    name: form.application ?? "",
    description: form.description ?? "",
    main: form.main ?? only?.workflow.name ?? "",
    tracker: readApplicationTracker(form.tracker),
    workflows: workflows.map(({ workflow }) => workflow),
  };
  const named = firstByName(workflows.map((site) => [site.workflow.name, site]));
  return {
    application,
    workflows,
    named,
    unread,
    broken: form.application === undefined ? new Set([...broken, "application"]) : broken,
  };
}
