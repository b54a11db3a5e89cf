import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { neededRights } from "../../../packages/scanflow/src/runners/kubernetes/rights.ts";
import { root } from "../../house/sources.ts";

test("the Role of the guide grants what the runner asks for, and nothing else", () => {
  const guide = readFileSync(join(root, "docs/guides/run-on-kubernetes.md"), "utf8");
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
  const { rules } = parse(yaml);
  const needed = neededRights({ services: true }).map(({ group, resource, subresource, verbs }) => ({
    apiGroups: [group],
    resources: [[resource, subresource].filter(Boolean).join("/")],
    verbs,
  }));
  expect(rules).toEqual(needed);
});
