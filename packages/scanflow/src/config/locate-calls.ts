import { callOf, type Locate, type Path } from "@scanflow/core";
import { frameInside } from "./stack-frame.ts";

/**
 * Finds the builder call that made what stands at a path of a document, or the nearest part around it: the innermost
 * caller that belongs to the application. Type stripping keeps lines and columns, so they are those of the source.
 */
export function locateCalls(document: object, config: URL): Locate {
  return (path) => {
    const stacks = partsAlong(document, path)
      .flatMap((part) => callOf(part) ?? [])
      .toReversed();
    for (const stack of stacks) {
      const frame = frameInside(stack, config);
      if (frame) return frame;
    }
    return undefined;
  };
}

/** The document and its parts on the way to a path, as far as it leads. */
function partsAlong(document: object, path: Path): readonly object[] {
  const parts = [document];
  let part: unknown = document;
  for (const key of path) {
    part = isObject(part) && Object.hasOwn(part, key) ? Reflect.get(part, key) : undefined;
    if (!isObject(part)) break;
    parts.push(part);
  }
  return parts;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
