import { type Document, isAlias, isMap, isScalar, isSeq, visit } from "yaml";

/**
 * The plain data of a written config, with params that were written as floats as such: `rate: 1.0` is a number, while
 * the plain value 1 would be taken for an integer.
 */
export function keepFloats(document: Document, plain: unknown): unknown {
  const resolve = resolverOf(document);
  const root = { written: document.contents, value: plain };
  return changed(resolve, root, (key, workflows) => {
    if (key !== "workflows") return workflows.value;
    return changed(resolve, workflows, (_, workflow) =>
      changed(resolve, workflow, (part, params) =>
        part === "params" ? changed(resolve, params, declared) : params.value,
      ),
    );
  });

  function declared(_: string, { written, value }: Part): unknown {
    return isFloat(resolve(written)) ? { type: "number", default: value } : value;
  }
}

/** What is written somewhere, and the plain value that it stands for. */
interface Part {
  readonly written: unknown;
  readonly value: unknown;
}

type Resolve = (written: unknown) => unknown;

/** Finds what an alias stands for; all of them are looked up at once, since each look-up reads the whole document. */
function resolverOf(document: Document): Resolve {
  let known: ReadonlyMap<unknown, unknown> | undefined;
  return (written) => {
    if (!isAlias(written)) return written;
    known ??= aliasesOf(document);
    return known.get(written);
  };
}

function aliasesOf(document: Document): ReadonlyMap<unknown, unknown> {
  const anchors = new Map<string, unknown>();
  const aliases = new Map<unknown, unknown>();
  visit(document, {
    Alias: (_, alias) => {
      aliases.set(alias, anchors.get(alias.source));
    },
    Value: (_, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return aliases;
}

/** A copy of a mapping or list with each value changed: what aliases share must stay as it is elsewhere. */
function changed(resolve: Resolve, { written, value }: Part, change: (key: string, part: Part) => unknown) {
  const node = resolve(written);
  if (isSeq(node) && Array.isArray(value)) {
    return value.map((inner, position) =>
      change(String(position), { written: node.items[position], value: inner }),
    );
  }
  if (!isMap(node) || typeof value !== "object" || value === null) return value;
  const parts = new Map(node.items.map((pair) => [keyText(pair.key), pair.value]));
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    change(key, { written: parts.get(key), value: inner }),
  ]);
  return Object.fromEntries(entries);
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

const POINT_OR_EXPONENT = /^[-+]?(?=.*[.e])[\d.]+(?:e[-+]?\d+)?$/i;

/** Whether a whole number was written as a float. */
function isFloat(node: unknown): boolean {
  return isScalar(node) && Number.isInteger(node.value) && POINT_OR_EXPONENT.test(node.source ?? "");
}
