/** What a server calls a thing, and the name that stands for it on both sides. */
export type Names = Map<string, string>;

type Fields = Readonly<Record<string, unknown>>;

const chosen = /^(?:m-)?[0-9a-f]{32}$/;
/** What the newest servers say beside what the protocol has. */
const newFields = new Set(["workspace", "error_class", "sqlstate"]);

/** Gives what servers chose by themselves, at the same place of both answers, the same name. */
export function bindAlike(ours: unknown, theirs: unknown, sides: readonly [Names, Names]): void {
  if (typeof ours !== "object" || typeof theirs !== "object" || !ours || !theirs) return;
  for (const [key, one] of Object.entries(ours)) {
    const other = (theirs as Fields)[key];
    if (typeof one !== "string" || typeof other !== "string") bindAlike(one, other, sides);
    else if (key === "next_page_token" || (chosen.test(one) && chosen.test(other))) bind(one, other, sides);
  }
}

function bind(one: string, other: string, [ours, theirs]: readonly [Names, Names]): void {
  if (ours.has(one) || theirs.has(other)) return;
  const name = `{{chosen-${ours.size}}}`;
  ours.set(one, name);
  theirs.set(other, name);
}

/** The text with each thing by its name. */
export function named(text: string, names: Names): string {
  let shown = text;
  for (const [actual, name] of names) if (shown.includes(actual)) shown = shown.replaceAll(actual, name);
  return shown;
}

/** The text with each name replaced by what one server calls it. */
export function filled(text: string, names: Names): string {
  const actual = new Map([...names].map(([value, name]) => [name, value]));
  return text.replace(/\{\{[\w-]+\}\}/g, (name) => actual.get(name) ?? name);
}

/** A value as it is compared: keys in order, things by their names, times of now left out. */
export function comparable(value: unknown, names: Names): unknown {
  if (typeof value === "string") return named(value, names);
  if (typeof value === "number") return Math.abs(value - Date.now()) < 86_400_000 ? "now" : value;
  if (Array.isArray(value)) return inOrder(value.map((item) => comparable(item, names)));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([key]) => !newFields.has(key));
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, item]) => [key, comparable(item, names)]));
}

/** Lists of keys and values have no order of their own; points of one key keep theirs. */
function inOrder(list: readonly unknown[]): readonly unknown[] {
  const keyOf = (item: unknown) => String((item as Fields | null)?.key ?? "");
  return list.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}
