import type { Report } from "../problem.ts";
import type { DefinitionSite } from "../site.ts";

/** Looks at a whole definition for one family of problems. */
export type Rule = (definition: DefinitionSite, report: Report) => void;
