import { keepVisible } from "../access/visible.ts";
import type { Context } from "../context.ts";
import { parseExperimentId } from "../experiments/experiment.ts";

export interface DatasetSummary {
  readonly experimentId: string;
  readonly name: string;
  readonly digest: string;
  readonly context: string | undefined;
}

/** The datasets that runs of the experiments read, each with the contexts they were read in; at most 1000. */
export async function searchDatasets(
  context: Context,
  experimentIds: readonly string[],
): Promise<DatasetSummary[]> {
  const ids = (await keepVisible(context, experimentIds)).map(parseExperimentId);
  if (ids.length === 0) return [];
  const rows = await context.store.read<{
    experiment: number;
    name: string;
    digest: string;
    context: string | null;
  }>(
    `SELECT DISTINCT d.experiment, d.name, d.digest, t.value AS context FROM tracking_datasets d
      JOIN tracking_inputs i ON i.dataset = d.id
      LEFT JOIN tracking_input_tags t
        ON t.run = i.run AND t.dataset = i.dataset AND t.key = 'mlflow.data.context'
      WHERE d.experiment IN (${ids.join(", ")}) ORDER BY d.experiment, d.name, d.digest LIMIT 1000`,
  );
  return rows.map(({ experiment, context, ...rest }) => ({
    ...rest,
    experimentId: String(experiment),
    context: context ?? undefined,
  }));
}
