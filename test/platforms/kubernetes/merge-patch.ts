/** Changes an object as a patch says (RFC 7396). */
export function merge(into: Record<string, unknown>, patch: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete into[key];
    else if (typeof value === "object" && !Array.isArray(value)) {
      const inner = into[key];
      const target = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inner : {};
      into[key] = target;
      merge(target as Record<string, unknown>, value as Record<string, unknown>);
    } else into[key] = value;
  }
}
