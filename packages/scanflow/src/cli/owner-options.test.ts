import { expect, test } from "vitest";
import { ownerOptions } from "./owner-options.ts";

test("options of where tasks run stand for the variables of the same meaning; what is not given leaves them be", () => {
  const given = ownerOptions({
    on: "swarm",
    gateway: "10.0.0.1:7233",
    registry: "r:5000/t",
    namespace: "lab",
  });
  expect(given).toEqual({
    on: "swarm",
    variables: {
      SCANFLOW_GATEWAY: "10.0.0.1:7233",
      SCANFLOW_KUBERNETES_GATEWAY: "10.0.0.1:7233",
      SCANFLOW_KUBERNETES_NAMESPACE: "lab",
      SCANFLOW_REGISTRY: "r:5000/t",
    },
  });
  expect(ownerOptions({ cpus: 2 })).toEqual({ capacity: { cpu: 2 } });
});
