import {
  application,
  data,
  executor,
  planWorkflow,
  requireApplication,
  service,
  workflow,
} from "@scanflow/core";
import { expect, test } from "vitest";
import { refuseUnrunnable } from "./refusal.ts";

test("a run whose data were not looked up is refused before it begins", () => {
  const main = workflow("main", {}, () => ({
    nodes: [executor("fit", { run: "true", inputs: { raw: data("digits") } })],
  }));
  const plan = planWorkflow(requireApplication(application("a", { workflows: [main] })));
  const runner = { check: () => {} } as unknown as Parameters<typeof refuseUnrunnable>[1];
  expect(() => refuseUnrunnable(plan, runner)).toThrow(/reads data that nobody looked up: digits/);
  const version = { dataset: "digits", version: 1, digest: "sha256:0", fileName: "digits.csv" };
  expect(() => refuseUnrunnable(plan, runner, { digits: version })).not.toThrow();
});

test("an online workflow without a service is refused: nothing of it could stay up", () => {
  const runner = { check: () => {} } as unknown as Parameters<typeof refuseUnrunnable>[1];
  const online = (node: ReturnType<typeof executor>) => {
    const main = workflow("main", { mode: "online" }, () => ({ nodes: [node] }));
    return planWorkflow(requireApplication(application("a", { main })));
  };
  expect(() => refuseUnrunnable(online(executor("fit", { run: "true" })), runner)).toThrow(
    /is online and has no service/,
  );
  expect(() => refuseUnrunnable(online(service("serve", { run: "true" })), runner)).not.toThrow();
});
