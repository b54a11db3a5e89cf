/** Milliseconds from 1970 that a date can hold, on either side. */
const LAST_DATE = 8.64e15;

/** A moment as ISO 8601 in UTC; null where no date can say it: data may hold any number as a time. */
export function isoTime(ms: number): string | null {
  return Math.abs(ms) <= LAST_DATE ? new Date(ms).toISOString() : null;
}
