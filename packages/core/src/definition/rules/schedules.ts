import { nearest } from "../../nearest.ts";
import { cronProblem } from "../cron.ts";
import type { Schedule } from "../definition.ts";
import { paramProblem } from "../param-problem.ts";
import type { Path, Report } from "../problem.ts";
import type { WorkflowSite } from "../site.ts";
import { timezoneProblem } from "../timezone.ts";
import type { Rule } from "./rule.ts";

/** A workflow that runs by itself has all that it needs, at a time that comes. */
export const checkSchedules: Rule = ({ workflows }, report) => {
  for (const site of workflows) {
    const { schedules, inputs } = site.workflow;
    const path = [...site.path, "schedules"];
    for (const [position, schedule] of schedules.entries()) {
      checkSchedule(schedule, { site, path: [...path, position], report });
    }
    const [input] = inputs;
    if (schedules.length === 0 || input === undefined) continue;
    const message = `the input ${input} is handed in by a surrounding workflow, and nothing surrounds a run that starts by itself: schedule the workflow around this one`;
    report({ code: "SCANFLOW_INPUT_MISSING", message, path });
  }
};

interface Checking {
  readonly site: WorkflowSite;
  readonly path: Path;
  readonly report: Report;
}

function checkSchedule({ cron, timezone, params }: Schedule, checking: Checking): void {
  const { path, report } = checking;
  const time = cronProblem(cron);
  if (time) report({ code: "SCANFLOW_SCHEDULE_INVALID", ...time, path: [...path, "cron"] });
  const zone = timezoneProblem(timezone);
  if (zone) report({ code: "SCANFLOW_SCHEDULE_INVALID", ...zone, path: [...path, "timezone"] });
  if (!checking.site.broken.has("params")) checkParams(params, checking);
}

function checkParams(params: Schedule["params"], { site, path, report }: Checking): void {
  const definitions = site.workflow.params;
  const names = Object.keys(definitions);
  for (const [name, value] of Object.entries(params)) {
    const place = [...path, "params", name];
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (definition === undefined) {
      const has = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
      const message = `workflow ${site.workflow.name} has no parameter ${JSON.stringify(name)}: ${has}`;
      report({ code: "SCANFLOW_PARAM_UNKNOWN", message, path: place, suggestion: nearest(name, names) });
      continue;
    }
    const problem = paramProblem(definition, value);
    if (problem) report({ code: "SCANFLOW_TYPE_MISMATCH", message: problem, path: place });
  }
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.default !== undefined || Object.hasOwn(params, name)) continue;
    const message = `the parameter ${name} has no default: give it under params`;
    report({ code: "SCANFLOW_PARAM_MISSING", message, path });
  }
}
