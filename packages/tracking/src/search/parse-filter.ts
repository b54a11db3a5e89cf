import { invalid } from "../refusal.ts";
import type { Clause, Comparator, Entity } from "./clause.ts";
import {
  type Attribute,
  datasetKeys,
  type Grammar,
  listComparators,
  nullComparators,
  numberComparators,
  textComparators,
} from "./grammar.ts";
import { type Literal, type Name, Scanner } from "./scanner.ts";

/** More clauses than any real filter has; keeps the database's statement within its limits. */
const mostClauses = 200;
const longestFilter = 100_000;

/** Parses `clause AND clause …`; an empty filter has no clauses. Errors: SCANFLOW_TRACKING_INVALID. */
export function parseFilter(filter: string, grammar: Grammar): Clause[] {
  if (filter.length > longestFilter) throw invalid("The filter string is too long.");
  const scanner = new Scanner(filter);
  const clauses: Clause[] = [];
  if (scanner.atEnd) return clauses;
  do {
    clauses.push(parseClause(scanner, grammar));
    if (clauses.length > mostClauses) {
      throw invalid(`A filter can have at most ${mostClauses} clauses. Split the search.`);
    }
  } while (scanner.word("AND"));
  if (!scanner.atEnd) throw invalid(`Invalid clause(s) in filter string: '${scanner.rest}'`);
  return clauses;
}

/** The entity and key that a name stands for, or a refusal that says what is valid. */
export function resolveName(name: Name, grammar: Grammar, use: "filter" | "order"): [Entity, string] {
  const entity = name.entity === undefined ? "attribute" : grammar.entities[name.entity];
  if (entity === undefined || !Object.hasOwn(grammar.entities, name.entity ?? "attribute")) {
    const valid = [...new Set(Object.values(grammar.entities))].map((one) => `'${one}'`).join(", ");
    throw invalid(`Invalid entity type '${name.entity}'. Valid values are [${valid}]`);
  }
  if (entity === "attribute" && !attributeOf(grammar, name.key, use)) {
    const valid = Object.keys(grammar.attributes).filter((key) => attributeOf(grammar, key, use));
    const listed = valid.map((one) => `'${one}'`).join(", ");
    throw invalid(`Invalid attribute key '${name.key}' specified. Valid keys are '{${listed}}'`);
  }
  if (entity === "dataset" && !datasetKeys.includes(name.key)) {
    throw invalid(
      `Invalid dataset key '${name.key}' specified. Valid keys are '{'name', 'digest', 'context'}'`,
    );
  }
  return [entity, name.key];
}

function attributeOf(grammar: Grammar, key: string, use: "filter" | "order"): Attribute | undefined {
  const found = Object.hasOwn(grammar.attributes, key) ? grammar.attributes[key] : undefined;
  return found?.[use] === false ? undefined : found;
}

function parseClause(scanner: Scanner, grammar: Grammar): Clause {
  const clause = scanner.rest;
  const wrong = () => invalid(`Invalid clause(s) in filter string: '${clause}'`);
  const name = scanner.name();
  const comparator = name && scanner.comparator();
  if (!name || !comparator) throw wrong();
  const [entity, key] = resolveName(name, grammar, "filter");
  const attribute = entity === "attribute" ? attributeOf(grammar, key, "filter") : undefined;
  checkComparator(comparator, { entity, key, attribute, grammar });
  if (nullComparators.includes(comparator)) return { entity, key, comparator, value: null };
  const literal = scanner.literal();
  if (!literal) throw wrong();
  return {
    entity,
    key,
    comparator,
    value: readValue(literal, { entity, key, attribute, grammar, comparator }),
  };
}

interface Subject {
  readonly entity: Entity;
  readonly key: string;
  readonly attribute: Attribute | undefined;
  readonly grammar: Grammar;
}

function checkComparator(found: string, subject: Subject): asserts found is Comparator {
  const { entity, key, attribute } = subject;
  const valid = comparatorsOf(subject);
  if (valid.some((one) => one === found)) return;
  if (nullComparators.some((one) => one === found)) {
    throw invalid(
      `IS NULL / IS NOT NULL is only supported for tags and params, not for '${entity}' '${key}'`,
    );
  }
  if (listComparators.some((one) => one === found) && attribute?.kind === "text") throw notAList(key);
  throw invalid(`Invalid comparator '${found}' not one of '{${valid.map((one) => `'${one}'`).join(", ")}}'`);
}

function comparatorsOf({ entity, attribute, grammar }: Subject): readonly Comparator[] {
  if (entity === "metric" || attribute?.kind === "number") return numberComparators;
  if (entity === "dataset" || attribute?.list) return [...textComparators, ...listComparators];
  if (entity === "attribute") return textComparators;
  const lists = grammar.keyedLists ? listComparators : [];
  return [...textComparators, ...lists, ...nullComparators];
}

function notAList(key: string): Error {
  return invalid(`Attribute '${key}' does not support comparison with a list of quoted string values.`);
}

function readValue(
  literal: Literal,
  { entity, key, attribute, comparator }: Subject & { comparator: Comparator },
) {
  const wantsList = listComparators.includes(comparator);
  if (entity === "metric" || attribute?.kind === "number") {
    if (literal.kind === "number") return literal.value;
    if (attribute?.quoted && literal.kind === "text" && /^\d{1,15}$/.test(literal.value))
      return Number(literal.value);
    const what = entity === "metric" ? "metric" : `numeric attribute: ${key}`;
    throw invalid(`Expected numeric value type for ${what}. Found ${literal.text}`);
  }
  if (literal.kind === "text" && !wantsList) return literal.value;
  if (literal.kind === "list" && wantsList) return literal.value;
  if (literal.kind === "list") throw notAList(key);
  const what = entity === "attribute" ? "attributes" : `${entity} (e.g. 'my-value')`;
  throw invalid(`Expected a quoted string value for ${what}. Got value ${literal.text}`);
}
