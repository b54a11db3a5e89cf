import type { Rule } from "./rule.ts";

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Set for every attempt by the node contract. */
const OURS = /^(?:SCANFLOW_.*|MLFLOW_(?:TRACKING_URI|EXPERIMENT_ID|RUN_ID))$/;

/** Environment variables have names that a system takes and that the node contract does not need. */
export const checkVariables: Rule = ({ workflows }, report) => {
  for (const { nodes } of workflows) {
    for (const { node, path } of nodes) {
      if (!("env" in node)) continue;
      const env = Object.keys(node.env).map((name) => ({ name, path: [...path, "env", name] }));
      const secrets = node.secrets.map((name, position) => ({ name, path: [...path, "secrets", position] }));
      const seen = new Set<string>();
      for (const { name, path: place } of [...env, ...secrets]) {
        const shown = JSON.stringify(name.slice(0, 80));
        if (!VARIABLE.test(name) || OURS.test(name)) {
          const why = OURS.test(name) ? "is set by Scanflow" : "is not the name of an environment variable";
          report({
            code: "SCANFLOW_NAME_ILLEGAL",
            message: `${shown} ${why}: use another name`,
            path: place,
          });
        }
        if (seen.has(name)) {
          const message = `${shown} is given already, under env or secrets: remove one`;
          report({ code: "SCANFLOW_NAME_DUPLICATE", message, path: place });
        }
        seen.add(name);
      }
    }
  }
};
