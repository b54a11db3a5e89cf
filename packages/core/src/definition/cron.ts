interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of its values, from `min` on. */
  readonly names: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: readonly Field[] = [
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day of the month", min: 1, max: 31, names: [] },
  { name: "month", min: 1, max: 12, names: MONTHS },
  { name: "day of the week", min: 0, max: 6, names: DAYS },
];

/** Short forms that some programs take. */
const SHORT: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** By month, in a leap year. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * What is wrong with the time of a schedule, with the time that was meant; undefined when nothing is. The five fields
 * of POSIX crontab with names and steps, as far as Kubernetes (robfig/cron 3, "CRON Expression Format"), Argo and
 * croner read them alike: no seconds, no `?`, `L`, `W` and `#`, Sunday is 0 and not 7, a step stands behind `*` or a range.
 */
export function cronProblem(
  cron: string,
): { readonly message: string; readonly suggestion?: string } | undefined {
  const short = SHORT[cron.toLowerCase()];
  const texts = cron.split(" ").filter((text) => text !== "");
  if (texts.length !== FIELDS.length) {
    const message = `expected five fields (${FIELDS.map(({ name }) => name).join(", ")}), found ${texts.length}`;
    return { message, ...(short !== undefined && { suggestion: short }) };
  }
  const sets: ReadonlySet<number>[] = [];
  for (const [position, field] of FIELDS.entries()) {
    const read = readField(texts[position] ?? "", field);
    if (typeof read === "string") return { message: `${field.name}: ${read}` };
    sets.push(read);
  }
  const [, , days = new Set(), months = new Set()] = sets;
  // Where a day of the week is given as well, either will do.
  const comes =
    texts[4] !== "*" || [...months].some((month) => Math.min(...days) <= (LONGEST[month - 1] ?? 0));
  return comes ? undefined : { message: "none of these months has such a day: it would never run" };
}

/** The values that a field stands for, or what is wrong with it. */
function readField(text: string, field: Field): ReadonlySet<number> | string {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const read = readPart(part, field);
    if (typeof read === "string") return read;
    for (let value = read.from; value <= read.to; value += read.step) values.add(value);
  }
  return values;
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

function readPart(part: string, field: Field): Part | string {
  const { min, max } = field;
  const [, range = "", steps] = /^([^/]*)(?:\/(\d+))?$/.exec(part) ?? [];
  const [first = "", last, ...rest] = range.split("-");
  if (first === "" || last === "" || rest.length > 0) {
    return `expected *, a value, a range such as ${min}-${max}, or a step such as */2, found ${JSON.stringify(part.slice(0, 40))}`;
  }
  const all = range === "*";
  const from = all ? min : numberOf(first, field);
  const to = all ? max : last === undefined ? from : numberOf(last, field);
  if (from === undefined || to === undefined) {
    const wrong = from === undefined ? first : (last ?? "");
    return `expected ${formOf(field)}, found ${JSON.stringify(wrong.slice(0, 40))}`;
  }
  if (from > to)
    return `the range ${range} ends before it begins: write two, such as ${first}-${max},${min}-${last}`;
  if (steps === undefined) return { from, to, step: 1 };
  if (!all && last === undefined) return `a step stands behind * or a range: write ${first}-${max}/${steps}`;
  const step = Number(steps);
  if (step < 1 || step > max - min + 1) return `expected a step of 1 to ${max - min + 1}, found ${steps}`;
  return { from, to, step };
}

function numberOf(text: string, { min, max, names }: Field): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named !== -1) return min + named;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

function formOf({ min, max, names }: Field): string {
  if (names.length === 0) return `${min} to ${max}`;
  const sunday = names === DAYS ? " (Sunday is 0)" : "";
  return `${min} to ${max} or ${names[0]} to ${names.at(-1)}${sunday}`;
}
