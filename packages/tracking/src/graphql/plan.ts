import {
  type Argument,
  type Document,
  type Field,
  type Operation,
  QueryError,
  type Selection,
} from "./document.ts";
import { mostDepth } from "./parse-query.ts";
import { type FieldType, fieldType, roots } from "./types.ts";
import { isWanted, type Variables } from "./values.ts";

/** A field to answer, with all that is asked below it; fragments are resolved. */
export interface PlannedField {
  /** The name in the answer. */
  readonly key: string;
  readonly name: string;
  readonly arguments: readonly Argument[];
  /** Absent for `__typename`. */
  readonly type: FieldType | undefined;
  /** The name of the type that the field belongs to. */
  readonly parent: string;
  readonly below: readonly PlannedField[];
}

const mostSelections = 1000;
const mostAliases = 10;
const mostRoots = 10;

/** Checks an operation against the types and the limits of cost. Errors: QueryError. */
export function planOperation(
  operation: Operation,
  { fragments }: Document,
  variables: Variables,
): PlannedField[] {
  let selected = 0;
  const rootType = operation.type === "mutation" ? "Mutation" : "Query";
  const known = roots[operation.type];

  const planned = plan(operation.selections, rootType, 1);
  if (planned.length > mostRoots) {
    throw new QueryError(
      `GraphQL queries should have at most ${mostRoots} root fields, got ${planned.length} root fields.`,
    );
  }
  return planned;

  function plan(selections: readonly Selection[], parent: string, depth: number): PlannedField[] {
    if (depth > mostDepth) throw new QueryError(`Query exceeds maximum depth of ${mostDepth}`);
    const fields = flatten(selections, parent, depth);
    const aliases = fields.filter(({ alias }) => alias !== undefined).length;
    if (aliases > mostAliases) {
      throw new QueryError(
        `GraphQL queries should have at most ${mostAliases} aliases, got ${aliases} aliases.`,
      );
    }
    const byKey = Map.groupBy(fields, ({ alias, name }) => alias ?? name);
    return [...byKey].map(([key, same]) => planField(key, same, { parent, depth }));
  }

  function planField(
    key: string,
    same: readonly Field[],
    { parent, depth }: { parent: string; depth: number },
  ): PlannedField {
    const [{ name, arguments: args }] = same as [Field];
    if (same.some((one) => one.name !== name || JSON.stringify(one.arguments) !== JSON.stringify(args))) {
      throw new QueryError(`Fields "${key}" conflict. Use different aliases on the fields.`);
    }
    const selections = same.flatMap((one) => one.selections);
    const type = name === "__typename" ? undefined : typeOf(parent, name);
    if (type?.kind === "type" && selections.length === 0) {
      throw new QueryError(`Field "${name}" of type "${type.of}" must have a selection of subfields.`);
    }
    if (type?.kind !== "type" && selections.length > 0) {
      throw new QueryError(`Field "${name}" must not have a selection since it has no subfields.`);
    }
    const below = type?.kind === "type" ? plan(selections, type.of, depth + 1) : [];
    return { key, name, arguments: args, type, parent, below };
  }

  function typeOf(parent: string, name: string): FieldType {
    const root = parent === rootType && Object.hasOwn(known, name) ? known[name] : undefined;
    const type = root ? { kind: "type" as const, of: root.type, list: false } : fieldType(parent, name);
    if (type) return type;
    throw new QueryError(`Cannot query field "${name}" on type "${parent}".`);
  }

  /** The fields of a level, those of fragments among them. */
  function flatten(selections: readonly Selection[], parent: string, depth: number): Field[] {
    if (depth > mostDepth) throw new QueryError(`Query exceeds maximum depth of ${mostDepth}`);
    return selections.flatMap((selection) => {
      selected++;
      if (selected > mostSelections) {
        throw new QueryError(`Query exceeds maximum total selections of ${mostSelections}`);
      }
      if (!isWanted(selection.directives, variables)) return [];
      if (selection.kind === "field") return [selection];
      const fragment = selection.kind === "inline" ? selection : fragments.get(selection.name);
      if (!fragment) throw new QueryError("A fragment that is spread is not defined.");
      if (fragment.on !== undefined && fragment.on !== parent) {
        throw new QueryError(`A fragment on "${fragment.on}" cannot be spread on type "${parent}".`);
      }
      return flatten(fragment.selections, parent, depth + 1);
    });
  }
}
