import { planWorkflow, requireApplication } from "@scanflow/core";
import { expect, test } from "vitest";
import type { SwarmNode } from "../../docker/index.ts";
import { constraintsOf, refuseUnplaced } from "./placement.ts";

const gibibyte = 1024 ** 3;

function node(
  ID: string,
  labels: Record<string, string>,
  state: SwarmNode["Status"]["State"] = "ready",
): SwarmNode {
  return {
    ID,
    Spec: { Role: "worker", Availability: "active", Labels: labels },
    Description: { Hostname: ID, Resources: { NanoCPUs: 4e9, MemoryBytes: 8 * gibibyte } },
    Status: { State: state },
  };
}

function planOf(settings: object) {
  const application = requireApplication({
    application: "lab",
    workflows: { train: { nodes: { fit: { run: "fit", ...settings } } } },
  });
  return planWorkflow(application, "train");
}

function refusal(settings: object, nodes: readonly SwarmNode[], only: string | null = null): string {
  try {
    refuseUnplaced(planOf(settings), nodes, only);
    return "";
  } catch (error) {
    expect(error).toMatchObject({ code: "SCANFLOW_PLACEMENT_UNMET" });
    return String(error);
  }
}

test("labels become constraints in one order, and an image that one node has keeps tasks there", () => {
  const placement = {
    labels: { zone: "b", disk: "ssd" },
    tolerations: [],
    affinity: null,
    serviceAccount: null,
  };
  expect(constraintsOf({ placement }, null)).toEqual(["node.labels.disk==ssd", "node.labels.zone==b"]);
  expect(constraintsOf({ placement }, "n1").at(-1)).toBe("node.id==n1");
  expect(constraintsOf({}, null)).toEqual([]);
});

test("a task that some node can take is not refused", () => {
  const nodes = [node("n1", {}), node("n2", { disk: "ssd" })];
  expect(refusal({}, nodes)).toBe("");
  expect(
    refusal({ placement: { labels: { disk: "ssd" } }, resources: { cpu: 4, memory: "8GiB" } }, nodes),
  ).toBe("");
});

test("labels that no ready node has are refused with the command that sets one", () => {
  const nodes = [node("n1", {}), node("n2", { disk: "ssd" }, "down")];
  const said = refusal({ placement: { labels: { disk: "ssd" } } }, nodes);
  expect(said).toMatch(/fit: none of 1 node has disk=ssd.*docker node update --label-add disk=ssd NODE/);
  expect(refusal({}, [node("n1", {}, "down")])).toMatch(/no node is ready/);
});

test("a task that is larger than every node it may run on is refused", () => {
  const nodes = [
    node("n1", { disk: "ssd" }),
    {
      ...node("n2", {}),
      Description: { Hostname: "n2", Resources: { NanoCPUs: 64e9, MemoryBytes: 512 * gibibyte } },
    },
  ];
  expect(refusal({ resources: { cpu: 8 } }, nodes)).toBe("");
  const said = refusal({ resources: { cpu: 8 }, placement: { labels: { disk: "ssd" } } }, nodes);
  expect(said).toMatch(/asks for 8 cores .* have 4 cores and 8589934592 bytes at most/);
});

test("without a registry, a task whose labels are those of other nodes is refused", () => {
  const nodes = [node("here", {}), node("there", { disk: "ssd" })];
  expect(refusal({ placement: { labels: { disk: "ssd" } } }, nodes, "here")).toMatch(/SCANFLOW_REGISTRY/);
});
