import type { Case } from "./case.ts";
import { artifacts } from "./workflows/artifacts.ts";
import { choices } from "./workflows/choices.ts";
import { approvals, failures } from "./workflows/failures.ts";
import { maps } from "./workflows/maps.ts";
import { services } from "./workflows/services.ts";
import { shapes } from "./workflows/shapes.ts";
import { skips } from "./workflows/skips.ts";
import { steps } from "./workflows/steps.ts";
import { values } from "./workflows/values.ts";

/** The rows of the conformance table, in its order. */
export const cases: readonly Case[] = [
  ...shapes,
  ...maps,
  ...choices,
  ...skips,
  ...failures,
  ...approvals,
  ...artifacts,
  ...values,
  ...steps,
  ...services,
];
