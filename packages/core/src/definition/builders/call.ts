/** The same in every copy of this package: a config may import another one than the one that reads it. */
const CALL = Symbol.for("@scanflow/core/call");

type Builder = (...args: never[]) => unknown;

/** Not of the language, but of nearly every engine; without it problems have no lines. */
const { captureStackTrace } = Error as typeof Error & {
  captureStackTrace?: (target: object, above: Builder) => void;
};

/**
 * Remembers on what a builder makes where it was called. Nothing that reads, compares or writes the document sees it;
 * the text of the stack is made only when it is asked for.
 */
export function atCall<const Made extends object>(builder: Builder, made: Made): Made {
  const call = {};
  captureStackTrace?.(call, builder);
  return Object.defineProperty(made, CALL, { value: call });
}

/** What is made anew from a part of a document was made by the same call. */
export function atSameCall<Made extends object>(part: object, made: Made): Made {
  const call: unknown = Reflect.get(part, CALL);
  return call === undefined ? made : Object.defineProperty(made, CALL, { value: call });
}

/**
 * The stack of the builder call that made a part of a document, innermost caller first; undefined for what was
 * written without a builder. Use it to tell the place of a problem in a TypeScript definition.
 */
export function callOf(part: unknown): string | undefined {
  if (typeof part !== "object" || part === null) return undefined;
  const call: unknown = Reflect.get(part, CALL);
  if (typeof call !== "object" || call === null || !("stack" in call)) return undefined;
  return typeof call.stack === "string" ? call.stack : undefined;
}
