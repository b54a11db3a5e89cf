import { evaluateExpr } from "./expr.ts";
import { goJson, type Value } from "./expr-values.ts";

/** What tags may name: full names, such as `tasks.write.status`, and their texts. */
export type Names = Readonly<Record<string, string>>;

/**
 * Puts values in the place of `{{name}}` and `{{=expression}}` in all texts of an object. A tag that cannot be resolved
 * yet stays as it is, like one whose expression is an error or nil, as Argo does it (util/template/expression_template.go).
 */
export function resolveTags<Kind>(object: Kind, names: Names): Kind {
  const environment = expanded(names);
  const resolved = (text: string) =>
    text.replaceAll(/\{\{(=?)(.*?)\}\}/gs, (tag, isExpression: string, inside: string) => {
      if (isExpression === "") return names[inside.trim()] ?? tag;
      try {
        const value = evaluateExpr(inside, environment);
        if (value === null) return tag;
        return typeof value === "string" ? value : goJson(value);
      } catch {
        return tag;
      }
    });
  return JSON.parse(JSON.stringify(object), (_, value: unknown) =>
    typeof value === "string" ? resolved(value) : value,
  ) as Kind;
}

/** Whether a tag is left that nothing resolved. */
export function hasTags(object: unknown): boolean {
  return /\{\{.*?\}\}/s.test(JSON.stringify(object) ?? "");
}

/** Names with dots as maps within maps: `tasks.a-b.status` is `tasks['a-b'].status`. */
export function expanded(names: Names): Record<string, Value> {
  const root: Record<string, Value> = {};
  for (const [name, value] of Object.entries(names)) {
    const keys = name.split(".");
    const last = keys.pop() ?? "";
    let at = root;
    for (const key of keys) {
      const next = at[key];
      const inner = typeof next === "object" && next !== null ? (next as Record<string, Value>) : {};
      at[key] = inner;
      at = inner;
    }
    at[last] = value;
  }
  return root;
}
