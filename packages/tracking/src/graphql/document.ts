/** A value as it stands in a query. */
export type Value =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "object"; readonly fields: readonly Argument[] }
  | { readonly kind: "plain"; readonly value: string | number | boolean | null };

export interface Argument {
  readonly name: string;
  readonly value: Value;
}

export interface Directive {
  readonly name: string;
  readonly arguments: readonly Argument[];
}

export interface Field {
  readonly kind: "field";
  readonly name: string;
  readonly alias: string | undefined;
  readonly arguments: readonly Argument[];
  readonly directives: readonly Directive[];
  readonly selections: readonly Selection[];
}

export interface Spread {
  readonly kind: "spread";
  readonly name: string;
  readonly directives: readonly Directive[];
}

export interface Inline {
  readonly kind: "inline";
  readonly on: string | undefined;
  readonly directives: readonly Directive[];
  readonly selections: readonly Selection[];
}

export type Selection = Field | Spread | Inline;

export interface Variable {
  readonly name: string;
  readonly required: boolean;
  readonly fallback: Value | undefined;
}

export interface Operation {
  readonly type: "query" | "mutation";
  readonly name: string | undefined;
  readonly variables: readonly Variable[];
  readonly selections: readonly Selection[];
}

export interface Fragment {
  readonly name: string;
  readonly on: string;
  readonly selections: readonly Selection[];
}

export interface Document {
  readonly operations: readonly Operation[];
  readonly fragments: ReadonlyMap<string, Fragment>;
}

/** What is wrong with a query as a whole: it is answered without data. */
export class QueryError extends Error {}
