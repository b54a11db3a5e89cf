import { join } from "node:path";
import { root } from "./sources.ts";

interface AccessModule {
  readonly accessTable: Readonly<Record<string, unknown>>;
  readonly ruleText: (rule: unknown) => string;
}

/** Each route of the tracker, with the role that it needs. */
export async function routeRoles(): Promise<(readonly [route: string, role: string])[]> {
  const path = join(root, "packages/tracking/src/access/access-table.ts");
  const { accessTable, ruleText } = (await import(path)) as AccessModule;
  return Object.entries(accessTable).map(([route, rule]) => [`\`${route}\``, ruleText(rule)] as const);
}
