import { requestError } from "../refusal.ts";
import { policy, type Rule } from "./policy.ts";

export interface Matched {
  readonly rule: Rule;
  /** What stands in the path, by name. */
  readonly params: Readonly<Record<string, string>>;
}

/** The row of the policy for a request, and undefined when there is none. */
export function matchRule(method: string, segments: readonly string[]): Matched | undefined {
  for (const rule of policy) {
    const wanted = rule.path.split("/");
    if (!rule.methods.includes(method) || wanted.length !== segments.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((part, at) => {
      const segment = segments[at] ?? "";
      if (!part.startsWith(":")) return part === segment;
      params[part.slice(1)] = segment;
      return true;
    });
    if (fits) return { rule, params };
  }
  return undefined;
}

/**
 * The segments of a path as it was sent, decoded once: what is decoded again somewhere behind must not turn into another
 * path, so none of them may hold a separator, a per cent sign before hexadecimal digits, a dot folder or a control character.
 */
export function segmentsOf(path: string): string[] {
  return path.split("/").map((raw) => {
    let segment: string;
    try {
      segment = decodeURIComponent(raw);
    } catch {
      throw requestError("The path is not well encoded");
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused.
    if (segment === "." || segment === ".." || /[/\\#?\u0000-\u001f\u007f]|%[0-9a-f]{2}/i.test(segment)) {
      throw requestError("The path leads elsewhere than it says");
    }
    return segment;
  });
}
