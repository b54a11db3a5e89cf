/** What a clause of a filter speaks of. */
export type Entity = "attribute" | "metric" | "parameter" | "tag" | "dataset";

export type Comparator =
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "LIKE"
  | "ILIKE"
  | "IN"
  | "NOT IN"
  | "IS NULL"
  | "IS NOT NULL";

/** One comparison of a filter; a filter is the conjunction of its clauses. */
export interface Clause {
  readonly entity: Entity;
  readonly key: string;
  readonly comparator: Comparator;
  /** A list for IN and NOT IN, null for IS NULL and IS NOT NULL. */
  readonly value: string | number | readonly string[] | null;
}

export interface Order {
  readonly entity: Entity;
  readonly key: string;
  readonly ascending: boolean;
}
