/** As much of JSON Schema as the tables of keys need. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

/**
 * The keys of a definition ("" is the document) with what they are; of a form with shorthands, those of the long one.
 * `without` are keys that the page tells elsewhere.
 */
export function keyTable(
  document: Schema,
  name: string,
  without: readonly string[] = [],
): (readonly [string, string])[] {
  const form = longForm(name === "" ? document : (document.$defs?.[name] ?? {}));
  if (!form) throw new Error(`The schema has no keys for "${name}".`);
  const told = Object.entries(form.properties ?? {}).filter(([key]) => !without.includes(key));
  return told.map(([key, value]) => {
    const { description = "" } = { ...referred(document, value), ...value };
    const must = form.required?.includes(key) ? " Must be given." : "";
    return [`\`${key}\``, `${description.replaceAll("|", "\\|")}${must}`] as const;
  });
}

function referred(document: Schema, { $ref = "" }: Schema): Schema {
  return document.$defs?.[$ref.replace("#/$defs/", "")] ?? {};
}

/** The first form with keys, also of what a mapping holds. */
function longForm(schema: Schema): Schema | undefined {
  if (schema.properties) return schema;
  const inner = typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
  for (const form of [...(schema.anyOf ?? []), ...inner]) {
    const found = longForm(form);
    if (found) return found;
  }
  return undefined;
}
