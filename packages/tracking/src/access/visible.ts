import type { Context } from "../context.ts";
import { parseExperimentId } from "../experiments/experiment.ts";
import type { Fragment } from "../search/compile.ts";
import { applicationOfName, modelsOfApplications, ofApplications } from "./application.ts";
import { applicationsOf } from "./role.ts";

/** The applications to which a search is cut down; undefined when it is not. */
function seen({ actor }: Pick<Context, "actor">): string[] | undefined {
  return actor === undefined ? undefined : applicationsOf(actor, "viewer");
}

/** Conditions that keep the experiments which may be seen; `e` is the alias of their table. */
export function visibleExperiments(context: Pick<Context, "actor">): Fragment[] {
  const applications = seen(context);
  return applications === undefined ? [] : [ofApplications("e.name", applications)];
}

/** Conditions that keep the registered models which may be seen; `m` is the alias of their table. */
export function visibleModels(context: Pick<Context, "actor">): Fragment[] {
  const applications = seen(context);
  return applications === undefined ? [] : [modelsOfApplications(applications)];
}

/** Of the experiments that a search names, those that may be seen. */
export async function keepVisible(
  context: Context,
  experimentIds: readonly string[],
): Promise<readonly string[]> {
  const applications = seen(context);
  if (applications === undefined || experimentIds.length === 0) return experimentIds;
  const asked = new Set(experimentIds.map(parseExperimentId));
  const visible: string[] = [];
  const all = [...asked];
  for (let from = 0; from < all.length; from += 1000) {
    const some = all.slice(from, from + 1000);
    const rows = await context.store.read<{ id: number; name: string }>(
      `SELECT id, name FROM tracking_experiments WHERE id IN (${some.join(", ")})`,
    );
    visible.push(
      ...rows
        .filter(({ name }) => applications.includes(applicationOfName(name)))
        .map(({ id }) => String(id)),
    );
  }
  return visible;
}
