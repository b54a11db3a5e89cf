import type { Report } from "../problem.ts";
import type { DefinitionSite } from "../site.ts";

/** Looks at a whole definition for one family of problems. */
export type Rule = (definition: DefinitionSite, report: Report) => void;

/** Everything that must hold before a definition may run. */
export const RULES: readonly Rule[] = [];

/** What is worth a hint and stops nothing. */
export const HINTS: readonly Rule[] = [];
