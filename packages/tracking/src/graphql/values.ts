import { type Argument, type Directive, type Operation, QueryError, type Value } from "./document.ts";

export type Variables = ReadonlyMap<string, unknown>;

/** The values of an operation's variables. Errors: QueryError when one that must be given is not. */
export function bindVariables({ variables }: Operation, given: Readonly<Record<string, unknown>>): Variables {
  const bound = new Map<string, unknown>();
  for (const { name, required, fallback } of variables) {
    const value = Object.hasOwn(given, name) ? given[name] : fallback && literalValue(fallback, bound);
    if (required && (value === undefined || value === null)) {
      throw new QueryError(`Variable "$${name}" of a required type was not provided.`);
    }
    bound.set(name, value);
  }
  return bound;
}

export function literalValue(value: Value, variables: Variables): unknown {
  switch (value.kind) {
    case "plain":
      return value.value;
    case "list":
      return value.items.map((item) => literalValue(item, variables));
    case "object":
      return Object.fromEntries(
        value.fields.map((field) => [field.name, literalValue(field.value, variables)]),
      );
    case "variable":
      if (!variables.has(value.name)) throw new QueryError(`Variable "$${value.name}" is not defined.`);
      return variables.get(value.name);
  }
}

export function argumentOf(args: readonly Argument[], name: string, variables: Variables): unknown {
  const found = args.find((argument) => argument.name === name);
  return found && literalValue(found.value, variables);
}

/** Whether `@skip` and `@include` leave a selection in; other directives mean nothing here. */
export function isWanted(directives: readonly Directive[], variables: Variables): boolean {
  return directives.every(({ name, arguments: args }) => {
    if (name !== "skip" && name !== "include") return true;
    return argumentOf(args, "if", variables) === (name === "include");
  });
}
