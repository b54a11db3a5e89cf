import { expect, test } from "vitest";
import { endingOf, ownExit } from "./ending.ts";
import { parseJob, parsePod } from "./pod.ts";

/** A service whose command ended with 0, as one does that is asked to end and hears it. */
function endedWell(about: { readonly deletionTimestamp?: string; readonly disruption?: string } = {}) {
  const { deletionTimestamp, disruption } = about;
  const conditions = disruption && [{ type: "DisruptionTarget", status: "True", reason: disruption }];
  return parsePod({
    metadata: { name: "predict-1-x", uid: "u", resourceVersion: "1", deletionTimestamp },
    spec: { nodeName: "node-7" },
    status: {
      phase: "Succeeded",
      ...(conditions && { conditions }),
      containerStatuses: [{ name: "main", state: { terminated: { exitCode: 0, reason: "Completed" } } }],
    },
  });
}

const service = { task: "predict", memory: 0, stays: true, quote: () => "" };
const deletionTimestamp = "2026-11-29T10:00:00Z";

test.each([
  ["a node that is drained", { disruption: "EvictionByEvictionAPI" }, /node-7 was drained/],
  ["somebody who deletes its pod", { deletionTimestamp }, /was deleted in the cluster/],
])("a service that is ended well by %s is lost, and did not end by itself", (_, about, message) => {
  const pod = endedWell(about);
  expect(ownExit(pod, service)).toBeUndefined();
  expect(endingOf(pod, undefined, service)).toMatchObject({
    code: "SCANFLOW_POD_LOST",
    retryable: true,
    message: expect.stringMatching(message),
  });
});

test("a service that ends well by itself did that, also while nobody looked; it handed nothing in", () => {
  expect(ownExit(endedWell(), service)?.exitCode).toBe(0);
  const metadata = { name: "predict-1", uid: "j", resourceVersion: "1" };
  const job = parseJob({ metadata, status: { conditions: [{ type: "Complete", status: "True" }] } });
  expect(endingOf(undefined, job, service)).toMatchObject({ code: "SCANFLOW_SERVICE_ENDED" });
});
