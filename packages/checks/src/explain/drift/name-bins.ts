import { isoTime } from "../../batch/iso-time.ts";

/** What the ends of a range are: whole numbers, any numbers, or moments. */
export type RangeKind = "whole" | "number" | "time";

/** A range `from ≤ x < to`, in words; null for an open end. Such as "60+", "18–24", "below 0.52", "0.52 to 0.61". */
export function nameRange({
  from,
  to,
  kind,
}: {
  readonly from: number | null;
  readonly to: number | null;
  readonly kind: RangeKind;
}): string {
  const text = (value: number) => nameValue(value, kind);
  if (from === null && to === null) return "any value";
  if (from === null) return `below ${text(to as number)}`;
  if (to === null) return kind === "whole" ? `${text(from)}+` : `${text(from)} or more`;
  if (kind !== "whole") return `${text(from)} to ${text(to)}`;
  const last = Math.ceil(to) - 1;
  return last <= from ? text(from) : `${text(from)}–${text(last)}`;
}

/** Three significant digits for numbers, the day for moments. */
export function nameValue(value: number, kind: RangeKind): string {
  const day = kind === "time" ? isoTime(value)?.slice(0, 10) : undefined;
  if (day !== undefined) return day;
  if (kind === "whole" && Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(3)));
}

export function nameCategory(text: string): string {
  return /^[^\s\p{C}",;:→]+$/u.test(text) ? text : JSON.stringify(text);
}

/** A share in percent, with a digit after the point below 10 %. */
export function namePercent(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return "under 0.1 %";
  return `${percent < 9.95 && percent !== 0 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}
