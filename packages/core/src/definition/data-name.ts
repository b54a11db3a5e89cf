/** A version of a dataset as an input names it; `version` null: the newest one, when the run is made. */
export interface DataName {
  readonly dataset: string;
  readonly version: number | null;
}

const datasetForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const nameForm = /^([A-Za-z0-9][A-Za-z0-9._-]{0,99})(?:@([1-9]\d{0,9}))?$/;

/** For the JSON schema. */
export const dataNamePattern = nameForm.source;

/** Whether a text may be the name of a dataset: up to 100 letters, digits, dots, dashes and underscores. */
export function isDatasetName(text: string): boolean {
  return datasetForm.test(text);
}

/** Reads `NAME` or `NAME@VERSION`; undefined when it is neither. */
export function parseDataName(text: string): DataName | undefined {
  const [, dataset, number] = nameForm.exec(text) ?? [];
  if (dataset === undefined) return undefined;
  return { dataset, version: number === undefined ? null : Number(number) };
}

/** `digits@2`, or `digits` for the newest. */
export function formatDataName({ dataset, version }: DataName): string {
  return version === null ? dataset : `${dataset}@${version}`;
}
