/** The protocol's limits, in characters and counts; the same as MLflow's, so clients see no difference. */
export const limits = {
  metricsPerBatch: 1000,
  paramsPerBatch: 100,
  tagsPerBatch: 100,
  entitiesPerBatch: 1000,
  key: 250,
  paramValue: 6000,
  runTagValue: 8000,
  experimentName: 500,
  experimentTagValue: 5000,
  artifactLocation: 2048,
  modelSource: 4096,
  registryTagValue: 100_000,
  alias: 255,
  datasetName: 500,
  datasetDigest: 36,
  datasetSource: 65_535,
  datasetSchema: 1_048_575,
  datasetProfile: 16_777_215,
  inputTagKey: 255,
  inputTagValue: 500,
} as const;

/** Length in characters as Python counts them (code points), which is what clients check against. */
export function characters(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < text.length) {
      count--;
      i++;
    }
  }
  return count;
}

/** The first characters of a text, never half of one. */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return [...text].slice(0, limit).join("");
}
