import type { Rule } from "./rule.ts";

/** What a service says of itself can be kept. */
export const checkServices: Rule = ({ workflows }, report) => {
  for (const { nodes } of workflows) {
    const variables = new Map<string, string>();
    for (const { node, path } of nodes) {
      if (node.kind !== "service") continue;
      const { replicas, maxReplicas, map, outputs, run } = node;
      if (run.kind !== "command") {
        const message =
          "a service is a program of its own that stays up: write its command, such as node serve.ts";
        report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path: [...path, "run"] });
      }
      const variable = node.name.toUpperCase().replaceAll("-", "_");
      const other = variables.get(variable);
      if (other !== undefined && other !== node.name) {
        const message = `the addresses of ${other} and ${node.name} would be the same environment variable (SCANFLOW_SERVICE_${variable}): rename one`;
        report({ code: "SCANFLOW_NAME_DUPLICATE", message, path });
      }
      variables.set(variable, node.name);
      if (maxReplicas !== null && maxReplicas < replicas) {
        const message = `at most ${maxReplicas} may run, and ${replicas} do from the start: raise maxReplicas, or lower replicas`;
        report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path: [...path, "maxReplicas"] });
      }
      if (map !== null) {
        const message =
          "a service has one address and is not run once per item: set replicas, or write a service for each";
        report({ code: "SCANFLOW_MAP_INVALID", message, path: [...path, "map"] });
      }
      if (Object.keys(outputs).length > 0) {
        const message =
          "a service ends with the run, when no node is left to take outputs: remove them, and let the nodes that ask the service write what it answers";
        report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path: [...path, "outputs"] });
      }
    }
  }
};
