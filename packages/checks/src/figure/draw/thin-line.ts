import type { LinesFigure } from "../figure.ts";

type Series = LinesFigure["series"][number];

const MOST = 600;

/**
 * A line with few enough points to draw: of each stretch the lowest and the highest are kept, so that no peak goes.
 * A band is kept at the same points.
 */
export function thinLine(series: Series): Series {
  const { points, band } = series;
  if (points.length <= MOST) return series;
  const kept = new Set([0, points.length - 1]);
  const stretches = MOST / 2;
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = Math.floor((stretch * points.length) / stretches);
    const to = Math.floor(((stretch + 1) * points.length) / stretches);
    let low = from;
    let high = from;
    for (let at = from; at < to; at += 1) {
      if ((points[at]?.[1] ?? 0) < (points[low]?.[1] ?? 0)) low = at;
      if ((points[at]?.[1] ?? 0) > (points[high]?.[1] ?? 0)) high = at;
    }
    kept.add(low).add(high);
  }
  const places = [...kept].sort((a, b) => a - b);
  const at = <Value>(list: readonly Value[]) => places.map((place) => list[place] as Value);
  return band === undefined
    ? { ...series, points: at(points) }
    : { ...series, points: at(points), band: at(band) };
}
