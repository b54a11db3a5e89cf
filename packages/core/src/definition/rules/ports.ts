import type { Path } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Trackers and services listen each on a port of its own; a workflow has one tracker. */
export const checkPorts: Rule = ({ application, workflows }, report) => {
  const taken = new Map<number, string>();
  const take = (port: number | null, name: string, path: Path) => {
    if (port === null) return;
    const other = taken.get(port);
    if (other !== undefined) {
      const message = `port ${port} is that of ${other} already: choose another`;
      report({ code: "SCANFLOW_PORT_TAKEN", message, path: [...path, "port"] });
    }
    taken.set(port, other ?? name);
  };
  if (application.tracker) take(application.tracker.port, "the application's tracker", ["tracker"]);
  for (const { workflow, nodes, trackers } of workflows) {
    for (const { node, path } of trackers) take(node.port, `${workflow.name}.${node.name}`, path);
    for (const { node, path } of nodes) {
      if (node.kind === "service") take(node.port, `${workflow.name}.${node.name}`, path);
    }
    for (const { path } of trackers.slice(1)) {
      const message = `workflow ${workflow.name} has a tracker already: remove one`;
      report({ code: "SCANFLOW_TRACKER_INVALID", message, path });
    }
  }
};
