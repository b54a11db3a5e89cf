declare const REFERENCE: unique symbol;
declare const VALUE: unique symbol;

/**
 * Points to an output of a node, or to an input of the workflow around it. At run time it is the text that would
 * stand in `scanflow.yaml`, such as `split.train`; only the builders make one, so a wrong name does not compile.
 */
export type OutputReference = string & { readonly [REFERENCE]: true };

/**
 * A value that is computed when the run comes to it; at run time `{expression: "…"}`. One whose type is not known
 * before then is an `ExpressionValue<never>`, which may stand for any value.
 */
export interface ExpressionValue<Value = unknown> {
  readonly expression: string;
  readonly [VALUE]?: Value;
}

/** References by name. */
export type OutputReferences<Names extends string> = { readonly [Name in Names]: OutputReference };

function outputReference(owner: string, name: string): OutputReference {
  return `${owner}.${name}` as OutputReference;
}

export function outputReferences<Names extends string>(
  owner: string,
  names: readonly Names[],
): OutputReferences<Names> {
  const entries = names.map((name) => [name, outputReference(owner, name)]);
  return Object.freeze(Object.fromEntries(entries)) as OutputReferences<Names>;
}
