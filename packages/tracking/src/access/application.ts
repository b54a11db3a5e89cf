import type { KeyValue } from "../context.ts";
import type { Fragment } from "../search/compile.ts";

/** The tag by which a registered model belongs to an application; without it, it belongs to the one of its name. */
export const applicationTag = "scanflow.application";

/** The application of an experiment: its name up to the first `/`, as the engine names experiments. */
export function applicationOfName(experimentName: string): string {
  return experimentName.split("/", 1)[0] ?? "";
}

export function applicationOfModel(name: string, tags: readonly KeyValue[]): string {
  return tags.find(({ key }) => key === applicationTag)?.value || name;
}

/** Keeps the experiments of these applications; `name` is the column of their names. */
export function ofApplications(name: string, applications: readonly string[]): Fragment {
  if (applications.length === 0) return { sql: "1 = 0", params: [] };
  const each = `${name} = ? OR SUBSTR(${name}, 1, LENGTH(CAST(? AS TEXT))) = ?`;
  return {
    sql: `(${applications.map(() => each).join(" OR ")})`,
    params: applications.flatMap((one) => [one, `${one}/`, `${one}/`]),
  };
}

/** Keeps the registered models of these applications; `m` is the alias of `tracking_models`. */
export function modelsOfApplications(applications: readonly string[]): Fragment {
  if (applications.length === 0) return { sql: "1 = 0", params: [] };
  const marks = applications.map(() => "?").join(", ");
  return {
    sql: `COALESCE((SELECT NULLIF(a.value, '') FROM tracking_model_tags a WHERE a.model = m.id
      AND a.key = '${applicationTag}'), m.name) IN (${marks})`,
    params: applications,
  };
}
