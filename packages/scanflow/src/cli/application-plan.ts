import { dataOfPlan, formatDataName, formatProblem, type Plan, planWorkflow } from "@scanflow/core";
import {
  dataLines,
  findConfig,
  type LoadedApplication,
  loadApplication,
  requireFiles,
} from "../config/index.ts";
import type { Call } from "./command.ts";

/**
 * The plan of a workflow of the application that a call is about, read without an owner. `needs` asks for the files and
 * the versions of data that the plan names, as a run would; the owner is asked where there are such versions.
 */
export async function readPlan(
  call: Call,
  workflow: string | undefined,
  { needs = false } = {},
): Promise<Plan> {
  const { directory, output } = call;
  const loaded = await loadApplication(findConfig(directory));
  for (const warning of loaded.warnings) {
    output.note(`${output.style("yellow", "hint")} ${formatProblem(warning)}`);
  }
  const plan = planWorkflow(loaded.application, workflow);
  if (needs) {
    await requireFiles(loaded, plan);
    await requireData(call, loaded, plan);
  }
  return plan;
}

/** Errors: SCANFLOW_DATA_UNKNOWN, SCANFLOW_DATA_MISSING. */
async function requireData(call: Call, loaded: LoadedApplication, plan: Plan): Promise<void> {
  const names = dataOfPlan(plan);
  if (names.length === 0) return;
  // Most plans need none of this.
  const [{ resolveData }, { withClient }] = await Promise.all([
    import("../catalog/index.ts"),
    import("./session.ts"),
  ]);
  await withClient(call, async ({ data }) => {
    const isHere = async (place: { readonly dataset: string; readonly version: number }) =>
      (await data.show({ version: formatDataName(place) })).here;
    await resolveData({ datasets: () => data.list({}), isHere }, names, dataLines(loaded, plan));
  });
}
