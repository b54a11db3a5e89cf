import type { Reading } from "./context.ts";

export interface Entry {
  readonly name: string;
  readonly written: unknown;
  readonly path: Reading["path"];
}

/** The entries of a mapping, or of a list whose items each have a `name`. */
export function entriesOf(
  written: readonly unknown[] | Readonly<Record<string, unknown>>,
  { path, report }: Reading,
): readonly Entry[] {
  if (!isList(written)) {
    return Object.entries(written).map(([name, value]) => ({ name, written: value, path: [...path, name] }));
  }
  return written.flatMap((item, position) => {
    const inner = [...path, position];
    if (typeof item === "object" && item !== null && "name" in item && typeof item.name === "string") {
      const { name, ...rest } = item;
      return [{ name: item.name, written: rest, path: inner }];
    }
    const message = "an item of this list needs a name, as text";
    report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path: inner });
    return [];
  });
}

/** A map that keeps the first of each name. */
export function firstByName<Item>(items: readonly (readonly [string, Item])[]): ReadonlyMap<string, Item> {
  const named = new Map<string, Item>();
  for (const [name, item] of items) if (!named.has(name)) named.set(name, item);
  return named;
}

function isList(
  written: readonly unknown[] | Readonly<Record<string, unknown>>,
): written is readonly unknown[] {
  return Array.isArray(written);
}
