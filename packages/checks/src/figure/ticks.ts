/** Round numbers along an axis. */
export interface Ticks {
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly values: readonly number[];
}

/**
 * Steps of 1, 2 or 5 times a power of ten, about `wanted` of them, with ends that hold the range. A range that is
 * empty or not finite is widened to one that can be drawn.
 */
export function ticksOf(from: number, to: number, wanted = 5): Ticks {
  const [start, end] = drawable(from, to);
  const rough = (end - start) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = rough / power;
  const step = power * (times <= 1.000001 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
  const first = Math.floor(start / step + 1e-9);
  const last = Math.ceil(end / step - 1e-9);
  const values = Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
  return { low: first * step, high: last * step, step, values };
}

function drawable(from: number, to: number): [number, number] {
  const start = Number.isFinite(from) ? drawableEnd(from) : 0;
  const end = Number.isFinite(to) ? drawableEnd(to) : start + 1;
  if (end - start > Math.abs(start) * 1e-9 && end - start > 1e-290) return [start, end];
  const margin = start === 0 ? 1 : Math.abs(start) / 2;
  return [start - margin, start + margin];
}

/** The least and the greatest of finite numbers, as far as they can be drawn; null when there is none. */
export function rangeOf(values: Iterable<number | null | undefined>): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value == null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [drawableEnd(low), drawableEnd(high)] : null;
}

/** A number to draw in the place of one that is missing or not finite: 0. */
export function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0;
}

/** Larger numbers would overflow when their distance is taken. */
function drawableEnd(value: number): number {
  return Math.max(-1e300, Math.min(1e300, value));
}
