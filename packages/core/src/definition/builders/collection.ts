import { atSameCall } from "./call.ts";

interface Named {
  readonly name: string;
  readonly document: object;
}

type Collected<Item extends Named> =
  | Readonly<Record<string, Item["document"]>>
  | readonly (Item["document"] & { readonly name: string })[];

/**
 * Documents by name; a list where a name stands twice, so that nothing is lost before the parser reports it.
 */
export function collected<Item extends Named>(items: readonly Item[]): Collected<Item> {
  const names = new Set(items.map(({ name }) => name));
  if (names.size < items.length) {
    return items.map(({ name, document }) => atSameCall(document, { ...document, name }));
  }
  return Object.fromEntries(items.map(({ name, document }) => [name, document]));
}
