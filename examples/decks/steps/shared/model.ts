import { inverse, multiply } from "./matrix.ts";
import type { Sample } from "./shape-table.ts";

/**
 * `nearest-centroid` takes each feature in units of its own spread; `lda`, linear discriminant analysis with equal
 * priors, also takes into account how the features vary together within a class (Fisher 1936).
 */
export type Method = "nearest-centroid" | "lda";

/** Gives a sample the class whose mean is nearest, as `metric` measures distances. */
export interface Model {
  readonly method: Method;
  readonly classes: readonly number[];
  /** One row a class. */
  readonly means: readonly (readonly number[])[];
  readonly metric: readonly (readonly number[])[];
}

export function fitModel(method: Method, samples: readonly Sample[]): Model {
  if (samples.length === 0) throw new Error("There is no image to learn from. Gather more images.");
  const classes = [...new Set(samples.map(({ label }) => label))].sort((a, b) => a - b);
  const means = classes.map((label) => meanOf(samples.filter((sample) => sample.label === label)));
  const metric = method === "lda" ? withinClasses(samples, classes, means) : spreads(samples);
  return { method, classes, means, metric };
}

export function predict({ classes, means, metric }: Model, features: readonly number[]): number {
  const distances = means.map((mean) => {
    const away = features.map((value, at) => value - (mean[at] ?? 0));
    return multiply(metric, away).reduce((sum, value, at) => sum + value * (away[at] ?? 0), 0);
  });
  return classes[distances.indexOf(Math.min(...distances))] ?? Number.NaN;
}

/** The share of samples that get the class they have, 0 to 1. */
export function accuracyOf(model: Model, samples: readonly Sample[]): number {
  const right = samples.filter(({ features, label }) => predict(model, features) === label);
  return samples.length === 0 ? 0 : right.length / samples.length;
}

/** The inverse of the pooled covariance. */
function withinClasses(
  samples: readonly Sample[],
  classes: readonly number[],
  means: readonly (readonly number[])[],
): number[][] {
  const features = means[0]?.length ?? 0;
  const freedom = samples.length - classes.length;
  if (freedom < features) {
    throw new Error(
      `LDA cannot tell how ${features} features vary together from ${samples.length} images of ${classes.length} classes. Gather more images, or use nearest-centroid.`,
    );
  }
  return inverse(covariance(samples, ({ label }) => means[classes.indexOf(label)] ?? [], freedom));
}

function spreads(samples: readonly Sample[]): number[][] {
  const mean = meanOf(samples);
  const variances = covariance(samples, () => mean, samples.length);
  return variances.map((row, at) => row.map((value, other) => (at === other ? 1 / (value || 1) : 0)));
}

function covariance(
  samples: readonly Sample[],
  meanFor: (sample: Sample) => readonly number[],
  freedom: number,
): number[][] {
  const away = samples.map((sample) => {
    const mean = meanFor(sample);
    return sample.features.map((value, at) => value - (mean[at] ?? 0));
  });
  const features = Array.from(samples[0]?.features.keys() ?? []);
  return features.map((at) =>
    features.map((other) => away.reduce((sum, row) => sum + (row[at] ?? 0) * (row[other] ?? 0), 0) / freedom),
  );
}

function meanOf(samples: readonly Sample[]): number[] {
  const features = Array.from(samples[0]?.features.keys() ?? []);
  return features.map(
    (at) => samples.reduce((sum, sample) => sum + (sample.features[at] ?? 0), 0) / samples.length,
  );
}
