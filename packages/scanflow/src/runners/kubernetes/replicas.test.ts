import { expect, test } from "vitest";
import { canBeAsked, parsePod } from "./pod.ts";
import { decisive, lackReason, renewed } from "./replicas.ts";

function replica(
  uid: string,
  phase: string,
  about: { leaves?: boolean; gone?: boolean; ready?: boolean } = {},
) {
  const { leaves = false, gone = false, ready = false } = about;
  const pod = parsePod({
    metadata: {
      ...{ name: uid, uid, resourceVersion: "1" },
      ...(leaves && { deletionTimestamp: "2026-11-29T10:00:00Z" }),
    },
    status: { phase, containerStatuses: [{ name: "main", state: { running: {} }, ready }] },
  });
  return { pod, gone };
}

const runs = replica("runs", "Running");
const left = replica("left", "Failed", { leaves: true });
const leaves = replica("leaves", "Running", { leaves: true });
const gone = replica("gone", "Running", { gone: true });
const failed = replica("failed", "Failed");

test("the end of replicas is told by the one that ended by itself, else by one that ended, is gone or goes", () => {
  expect(decisive([left, leaves, gone, runs, failed])).toBe(failed);
  expect(decisive([runs, leaves, left])).toBe(left);
  expect(decisive([runs, leaves, gone])).toBe(gone);
  expect(decisive([runs, leaves])).toBe(leaves);
  expect(decisive([runs])).toBe(runs);
  expect(decisive([])).toBeUndefined();
});

test("where replicas go and none ended by itself they are looked at again; one alone has no other to wait for", () => {
  for (const one of [left, leaves, gone]) expect(lackReason([runs, one])).toBe(true);
  expect([lackReason([runs, failed, gone]), lackReason([runs]), lackReason([gone])]).toEqual([
    false,
    false,
    false,
  ]);
  const now = { ...runs.pod, status: { phase: "Failed" } };
  expect(renewed([runs, gone], [now])).toEqual([{ pod: now, gone: false }, gone]);
});

test("what is on its way out is not asked any more, ready as it may be", () => {
  expect(canBeAsked(replica("a", "Running", { ready: true }).pod)).toBe(true);
  expect(canBeAsked(replica("a", "Running", { ready: true, leaves: true }).pod)).toBe(false);
});
