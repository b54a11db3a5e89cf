import { NUMBERS, type Person, TEXTS } from "./people.ts";

/** A logistic regression over standardised numbers and texts by value. */
export interface Model {
  readonly intercept: number;
  /** By `column`, or by `column=value`. */
  readonly weights: Readonly<Record<string, number>>;
  readonly scales: Readonly<Record<string, { readonly mean: number; readonly deviation: number }>>;
}

interface Features {
  readonly names: readonly string[];
  readonly values: readonly number[];
}

export function fitModel(
  people: readonly Person[],
  labels: readonly number[],
  { steps, rate, ridge }: Settings,
): Model {
  const scales = Object.fromEntries(
    NUMBERS.map((column) => [column, scaleOf(people.map((person) => numberOf(person, column)))]),
  );
  const rows = people.map((person) => featuresOf(person, scales));
  const places = new Map(
    [...new Set(rows.flatMap(({ names }) => names))].map((name, place) => [name, place + 1]),
  );
  const indices = rows.map(({ names }) => names.map((name) => places.get(name) ?? 0));
  const weights = new Float64Array(places.size + 1);
  const [first, second] = [new Float64Array(weights.length), new Float64Array(weights.length)];
  for (let step = 1; step <= steps; step += 1) {
    const gradient = weights.map((weight, place) => (place === 0 ? 0 : ridge * weight));
    for (const [row, own] of indices.entries()) {
      const { values } = rows[row] as Features;
      let sum = weights[0] as number;
      for (const [at, place] of own.entries()) sum += (weights[place] as number) * (values[at] as number);
      const error = (1 / (1 + Math.exp(-sum)) - (labels[row] as number)) / people.length;
      gradient[0] = (gradient[0] as number) + error;
      for (const [at, place] of own.entries())
        gradient[place] = (gradient[place] as number) + error * (values[at] as number);
    }
    for (const [place, slope] of gradient.entries()) {
      first[place] = 0.9 * (first[place] as number) + 0.1 * slope;
      second[place] = 0.999 * (second[place] as number) + 0.001 * slope * slope;
      const moved = (first[place] as number) / (1 - 0.9 ** step);
      weights[place] =
        (weights[place] as number) -
        (rate * moved) / (Math.sqrt((second[place] as number) / (1 - 0.999 ** step)) + 1e-8);
    }
  }
  return {
    intercept: weights[0] as number,
    weights: Object.fromEntries([...places].map(([name, place]) => [name, weights[place] as number])),
    scales,
  };
}

interface Settings {
  readonly steps: number;
  readonly rate: number;
  readonly ridge: number;
}

/** How likely the person earns more than 50,000 dollars. */
export function predict({ intercept, weights, scales }: Model, person: Person): number {
  const { names, values } = featuresOf(person, scales);
  const sum = names.reduce(
    (total, name, at) => total + (weights[name] ?? 0) * (values[at] as number),
    intercept,
  );
  return 1 / (1 + Math.exp(-sum));
}

function featuresOf(person: Person, scales: Model["scales"]): Features {
  const numbers = NUMBERS.map((column) => {
    const { mean, deviation } = scales[column] ?? { mean: 0, deviation: 1 };
    return (numberOf(person, column) - mean) / deviation;
  });
  return {
    names: [...NUMBERS, ...TEXTS.map((column) => `${column}=${person[column]}`)],
    values: [...numbers, ...TEXTS.map(() => 1)],
  };
}

function scaleOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

function numberOf(person: Person, column: string): number {
  return Number(person[column]) || 0;
}
