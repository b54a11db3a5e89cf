import { expect, test } from "vitest";
import { requireApplication } from "../parse-application.ts";
import { problemsOf, withNodes } from "../testing/problems-of.ts";

const run = "true";

test("a placement is inherited key by key, and is empty where nothing is said", () => {
  const document = withNodes(
    {
      plain: { run },
      placed: { run, placement: { labels: { disk: "ssd" }, tolerations: [{ key: "gpu", value: "yes" }] } },
      free: { run, placement: { affinity: null, serviceAccount: null } },
      ask: { kind: "approval" },
    },
    {
      defaults: {
        placement: { labels: { zone: "a" }, serviceAccount: "trainer", affinity: { podAffinity: {} } },
      },
    },
  );
  const [workflow] = requireApplication(document).workflows;
  const placements = workflow?.nodes.flatMap((node) => ("placement" in node ? [node.placement] : []));
  const affinity = { podAffinity: {} };
  expect(placements).toEqual([
    { labels: { zone: "a" }, tolerations: [], affinity, serviceAccount: "trainer" },
    {
      labels: { disk: "ssd" },
      tolerations: [{ key: "gpu", value: "yes", effect: null }],
      affinity,
      serviceAccount: "trainer",
    },
    { labels: { zone: "a" }, tolerations: [], affinity: null, serviceAccount: null },
  ]);
  const [bare] = requireApplication(withNodes({ n: { run } })).workflows;
  expect(bare?.nodes[0]).toMatchObject({
    placement: { labels: {}, tolerations: [], affinity: null, serviceAccount: null },
  });
});

test("labels, taints and accounts have the form that clusters take", () => {
  const nodes = {
    fine: {
      run,
      placement: { labels: { "example.com/zone": "a_1", "node.kubernetes.io/instance-type": "" } },
    },
    key: {
      run,
      placement: { labels: { "-a": "x", "a/b/c": "x", [`${"a".repeat(64)}`]: "x", "A.com/b": "x" } },
    },
    value: { run, placement: { labels: { a: "no spaces", b: 1, c: "-x" } } },
    taint: { run, placement: { tolerations: [{ value: "x" }, { effect: "Never" }, { key: "a b" }, {}] } },
    account: { run, placement: { serviceAccount: "Not_One" } },
    affinity: { run, placement: { affinity: ["x"] } },
    strange: { run, placement: { nodeSelector: {} } },
  };
  expect(
    problemsOf(withNodes(nodes)).map(([code, path]) => [code, path?.replace("workflows.w.nodes.", "")]),
  ).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "value.placement.labels.a"],
    ["SCANFLOW_DOCUMENT_INVALID", "value.placement.labels.b"],
    ["SCANFLOW_DOCUMENT_INVALID", "value.placement.labels.c"],
    ["SCANFLOW_DOCUMENT_INVALID", "taint.placement.tolerations[1].effect"],
    ["SCANFLOW_DOCUMENT_INVALID", "taint.placement.tolerations[2].key"],
    ["SCANFLOW_DOCUMENT_INVALID", "account.placement.serviceAccount"],
    ["SCANFLOW_DOCUMENT_INVALID", "affinity.placement.affinity"],
    ["SCANFLOW_KEY_UNKNOWN", "strange.placement.nodeSelector"],
    ["SCANFLOW_NAME_ILLEGAL", "key.placement.labels.-a"],
    ["SCANFLOW_NAME_ILLEGAL", 'key.placement.labels["a/b/c"]'],
    ["SCANFLOW_NAME_ILLEGAL", `key.placement.labels.${"a".repeat(64)}`],
    ["SCANFLOW_NAME_ILLEGAL", 'key.placement.labels["A.com/b"]'],
  ]);
  const lonely = { taint: { run, placement: { tolerations: [{ value: "x" }] } } };
  expect(problemsOf(withNodes(lonely))).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.taint.placement.tolerations[0].value", undefined],
  ]);
});
