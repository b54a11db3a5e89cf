import { type Document, isScalar, visit } from "yaml";

export interface KeyProblem {
  readonly message: string;
  readonly offset: number;
}

/**
 * Keys that stand twice in a mapping, and keys that are no plain values. The parser's own check compares every key
 * with every other, which takes minutes for a large mapping.
 */
export function checkKeys(document: Document): readonly KeyProblem[] {
  const problems: KeyProblem[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) {
          problems.push({ message: "A key must be plain text", offset: map.range?.[0] ?? 0 });
          continue;
        }
        const text = String(key.value);
        const offset = key.range?.[0] ?? 0;
        if (seen.has(text))
          problems.push({ message: `The key ${JSON.stringify(text)} stands twice`, offset });
        seen.add(text);
      }
    },
  });
  return problems;
}
