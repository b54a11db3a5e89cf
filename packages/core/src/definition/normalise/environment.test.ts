import { expect, test } from "vitest";
import { parseApplication } from "../parse-application.ts";
import { problemsOf, withNodes } from "../testing/problems-of.ts";

const run = "true";

test.each([
  ["host", { kind: "host" }],
  [{ python: {} }, { kind: "python", requirements: null, packages: [], python: null, apt: [] }],
  [
    { python: { requirements: "r.txt", version: "3.12", apt: ["libgomp1", "g++", "7zip"] } },
    {
      kind: "python",
      requirements: "r.txt",
      packages: [],
      python: "python3.12",
      apt: ["libgomp1", "g++", "7zip"],
    },
  ],
  [{ node: {} }, { kind: "node", package: null, apt: [] }],
  [
    { node: { package: "web/package.json", apt: ["jq"] } },
    { kind: "node", package: "web/package.json", apt: ["jq"] },
  ],
])("the environment %j is filled in", (environment, filled) => {
  const parsed = parseApplication(withNodes({ n: { run, environment } }));
  expect(parsed.ok && parsed.application.workflows[0]?.nodes[0]).toMatchObject({ environment: filled });
});

test.each(["a", "Libgomp1", "lib gomp", "libgomp1=1.0", "-y", "vim-", "lib/x", "", 5])(
  "%j is no Debian package",
  (name) => {
    for (const kind of ["python", "node"]) {
      expect(problemsOf(withNodes({ n: { run, environment: { [kind]: { apt: ["jq", name] } } } }))).toEqual([
        ["SCANFLOW_DOCUMENT_INVALID", `workflows.w.nodes.n.environment.${kind}.apt[1]`, undefined],
      ]);
    }
  },
);
