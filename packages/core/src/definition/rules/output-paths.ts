import type { OutputDefinition } from "../definition.ts";
import type { Path, Report } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Outputs lie inside the task's folder, each at a place of its own. */
export const checkOutputPaths: Rule = ({ workflows }, report) => {
  for (const { nodes } of workflows) {
    for (const { node, path } of nodes) {
      if (!("outputs" in node)) continue;
      checkPlaces(node.outputs, [...path, "outputs"], report);
      if (node.kind !== "checker") continue;
      const { type } = node.outputs.verdict ?? { type: "json" };
      if (type === "json" || type === "any") continue;
      const message = `the verdict of a checker is JSON, not ${type}: leave its type out`;
      report({ code: "SCANFLOW_TYPE_MISMATCH", message, path: [...path, "outputs", "verdict", "type"] });
    }
  }
};

function checkPlaces(outputs: Readonly<Record<string, OutputDefinition>>, path: Path, report: Report): void {
  const places = new Map<string, string>();
  for (const [name, { path: written, register }] of Object.entries(outputs)) {
    const segments = written.split("/").filter((segment) => segment !== "" && segment !== ".");
    const shown = JSON.stringify(written.slice(0, 80));
    const refuse = (message: string) =>
      report({ code: "SCANFLOW_OUTPUT_PATH", message, path: [...path, name] });
    if (isOutside(written, segments)) {
      refuse(`the path ${shown} must lie inside the task's folder: a relative path with /, without ".."`);
    } else {
      const place = segments.join("/");
      const other = [...places].find(([taken]) => isWithin(taken, place) || isWithin(place, taken));
      if (other)
        refuse(
          `the output ${other[1]} lies at ${JSON.stringify(other[0])} already: give this one a path of its own`,
        );
      places.set(place, name);
    }
    if (register === null || /^[^/:\p{Cc}]{1,200}$/u.test(register)) continue;
    const message = `${JSON.stringify(register.slice(0, 80))} cannot be the name of a model: use 1 to 200 characters without / and :`;
    report({ code: "SCANFLOW_NAME_ILLEGAL", message, path: [...path, name, "register"] });
  }
}

function isOutside(written: string, segments: readonly string[]): boolean {
  return (
    segments.length === 0 ||
    segments.includes("..") ||
    /^(?:\/|[A-Za-z]:)/.test(written) ||
    /[\\\p{Cc}]/u.test(written)
  );
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}
