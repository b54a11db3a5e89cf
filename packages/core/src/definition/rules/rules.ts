import { checkBindings } from "./bindings.ts";
import { checkChoices } from "./choices.ts";
import { checkCycles } from "./cycles.ts";
import { checkDuplicates } from "./duplicates.ts";
import { checkExpressions } from "./expressions.ts";
import { checkJoins } from "./joins.ts";
import { checkMain } from "./main.ts";
import { checkMaps } from "./maps.ts";
import { checkNames } from "./names.ts";
import { checkNesting } from "./nesting.ts";
import { checkOutputPaths } from "./output-paths.ts";
import { checkParams } from "./params.ts";
import { checkPlacements } from "./placements.ts";
import { checkPorts } from "./ports.ts";
import { checkReferences } from "./references.ts";
import type { Rule } from "./rule.ts";
import { checkSchedules } from "./schedules.ts";
import { checkServices } from "./services.ts";
import { checkTemplates } from "./templates.ts";
import { hintUnused } from "./unused.ts";
import { checkVariables } from "./variables.ts";

/** Everything that must hold before a definition may run. */
export const RULES: readonly Rule[] = [
  checkMain,
  checkNames,
  checkDuplicates,
  checkReferences,
  checkBindings,
  checkNesting,
  checkCycles,
  checkParams,
  checkExpressions,
  checkChoices,
  checkJoins,
  checkOutputPaths,
  checkPorts,
  checkTemplates,
  checkMaps,
  checkVariables,
  checkServices,
  checkPlacements,
  checkSchedules,
];

/** What is worth a hint and stops nothing. */
export const HINTS: readonly Rule[] = [hintUnused];
