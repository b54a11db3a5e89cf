import fc from "fast-check";
import type { Clause, Comparator, Entity, Order } from "./clause.ts";
import type { Grammar } from "./grammar.ts";

/** A row as a search sees it: every value that a filter or order may name, and nothing of SQL. */
export interface Subject {
  readonly id: string;
  /** By entity and key; several where a noun has several (datasets, points of a logged model). */
  readonly values: (entity: Entity, key: string) => readonly (string | number)[];
  /** What an order compares, where that is not the one value. */
  readonly orderValue?: (entity: Entity, key: string) => string | number | undefined;
}

export function matches(subject: Subject, { entity, key, comparator, value }: Clause): boolean {
  const found = subject.values(entity, key);
  if (comparator === "IS NULL") return found.length === 0;
  if (comparator === "IS NOT NULL") return found.length > 0;
  return found.some((one) => holds(one, comparator, value));
}

function holds(found: string | number, comparator: Comparator, value: Clause["value"]): boolean {
  if (Array.isArray(value)) return value.includes(String(found)) === (comparator === "IN");
  if (typeof value === "string" && (comparator === "LIKE" || comparator === "ILIKE")) {
    // Only the letters of ASCII have two cases for ILIKE.
    const fold = (text: string) =>
      comparator === "LIKE" ? text : text.replace(/[A-Z]/g, (c) => c.toLowerCase());
    return isLike([...fold(String(found))], [...fold(value)]);
  }
  if (comparator === "=") return found === value;
  if (comparator === "!=") return found !== value;
  const [a, b] = [Number(found), Number(value)];
  if (comparator === "<") return a < b;
  if (comparator === "<=") return a <= b;
  return comparator === ">" ? a > b : a >= b;
}

/** `%` is any text, `_` any character. */
function isLike(text: readonly string[], pattern: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === "%") return isLike(text, rest) || (text.length > 0 && isLike(text.slice(1), pattern));
  return text.length > 0 && (first === "_" || first === text[0]) && isLike(text.slice(1), rest);
}

/** Compares as orders say, one after the other: values, then NaN, then what lacks the value. */
export function inOrder(orders: readonly Order[]): (a: Subject, b: Subject) => number {
  return (a, b) => {
    for (const { entity, key, ascending } of orders) {
      const [x, y] = [a, b].map((one) =>
        one.orderValue ? one.orderValue(entity, key) : one.values(entity, key)[0],
      );
      const difference = rank(x) - rank(y) || (rank(x) > 0 ? 0 : compare(x, y) * (ascending ? 1 : -1));
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

function rank(value: string | number | undefined): number {
  return value === undefined ? 2 : Number.isNaN(value) ? 1 : 0;
}

function compare(x: string | number | undefined = 0, y: string | number | undefined = 0): number {
  return x === y ? 0 : x < y ? -1 : 1;
}

/** A way of writing a clause. */
export interface Spelling {
  readonly alias: number;
  readonly backticks: boolean;
  readonly doubleQuotes: boolean;
  readonly lowerCase: boolean;
  readonly space: string;
}

export const plainSpelling: Spelling = {
  alias: 0,
  backticks: false,
  doubleQuotes: false,
  lowerCase: false,
  space: " ",
};

/** Every way of writing that means the same. */
export const spelling: fc.Arbitrary<Spelling> = fc.record({
  alias: fc.nat(),
  backticks: fc.boolean(),
  doubleQuotes: fc.boolean(),
  lowerCase: fc.boolean(),
  space: fc.constantFrom(" ", "  ", "\n\t"),
});

export function writeClause(one: Clause, how: Spelling, grammar: Grammar): string {
  const name = writeName(one, how, grammar);
  const comparator = how.lowerCase ? one.comparator.toLowerCase() : one.comparator;
  const signs = /^[=!<>]+$/.test(comparator);
  const space = signs && how.doubleQuotes ? "" : how.space;
  return [name, comparator, ...literal(one.value, how.doubleQuotes)].join(space);
}

export function writeOrder(order: Order, how: Spelling, grammar: Grammar): string {
  const direction = order.ascending ? (how.lowerCase ? "" : "ASC") : "DESC";
  return `${writeName(order, how, grammar)}${how.space}${direction}`;
}

function writeName({ entity, key }: Clause | Order, how: Spelling, grammar: Grammar): string {
  const aliases = Object.entries(grammar.entities).filter(([, one]) => one === entity);
  const [alias] = aliases[how.alias % aliases.length] ?? [];
  const plain = /^[\p{L}\p{N}_.]+$/u.test(key);
  const quote = how.backticks ? "`" : '"';
  const quoted = plain && how.alias % 2 === 0 ? key : `${quote}${key}${quote}`;
  return entity === "attribute" && how.alias % 3 === 0 ? quoted : `${alias}.${quoted}`;
}

function literal(value: Clause["value"], doubleQuotes: boolean): string[] {
  const quote = doubleQuotes ? '"' : "'";
  const text = (one: string) => quote + one.replaceAll(quote, quote + quote) + quote;
  if (value === null) return [];
  if (typeof value === "number") return [String(value)];
  return [typeof value === "string" ? text(value) : `(${value.map(text).join(doubleQuotes ? "," : " , ")})`];
}

export const words = ["a", "A", "ab", "a_b", "a%b", "*x", "[ab]", "it's", 'say "hi"', "ß", "日本"];
const patterns = ["%", "a%", "_", "%b", "A_%", "%日%", "_%_"];
const numberSigns = ["=", "!=", "<", "<=", ">", ">="] as const;
const textSigns = ["=", "!=", "LIKE", "ILIKE"] as const;

/** Clauses that compare an attribute with numbers. */
export function numberClause(
  keys: readonly string[],
  values: readonly number[],
  entity: Entity = "attribute",
) {
  return clause(entity, keys, { comparators: numberSigns, values });
}

/** Clauses that compare texts, with patterns too. */
export function textClause(keys: readonly string[], values: readonly string[], entity: Entity = "attribute") {
  return clause(entity, keys, { comparators: textSigns, values: [...values, ...patterns] });
}

export function listClause(keys: readonly string[], values: readonly string[], entity: Entity = "attribute") {
  const comparators = ["IN", "NOT IN"] as const;
  const list = fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
  return fc.record({ entity: fc.constant(entity), ...keyAnd(keys, comparators), value: list });
}

export function nullClause(entity: Entity, keys: readonly string[]): fc.Arbitrary<Clause> {
  const comparators = ["IS NULL", "IS NOT NULL"] as const;
  return fc.record({ entity: fc.constant(entity), ...keyAnd(keys, comparators), value: fc.constant(null) });
}

export function clause(
  entity: Entity,
  keys: readonly string[],
  { comparators, values }: { comparators: readonly Comparator[]; values: readonly (string | number)[] },
): fc.Arbitrary<Clause> {
  return fc.record({
    entity: fc.constant(entity),
    ...keyAnd(keys, comparators),
    value: fc.constantFrom(...values),
  });
}

function keyAnd(keys: readonly string[], comparators: readonly Comparator[]) {
  return { key: fc.constantFrom(...keys), comparator: fc.constantFrom(...comparators) };
}

/** Orders by different fields. */
export function ordersBy(fields: readonly (readonly [Entity, string])[]): fc.Arbitrary<Order[]> {
  const one = fc.record({ field: fc.constantFrom(...fields), ascending: fc.boolean() });
  return fc
    .uniqueArray(one, { selector: ({ field }) => field.join(" "), maxLength: 2 })
    .map((list) => list.map(({ field: [entity, key], ascending }) => ({ entity, key, ascending })));
}
