import { expect, test } from "vitest";
import { containerNames } from "./manifest.ts";
import { imageOf, parsePod } from "./pod.ts";

test.each([
  ["docker.io/library/python@sha256:ab", "docker.io/library/python@sha256:ab"],
  ["docker-pullable://python@sha256:ab", "python@sha256:ab"],
  ["docker://sha256:cd", "sha256:cd"],
  ["", undefined],
  [undefined, undefined],
])("of a container whose image is told as %s it is known as %s", (imageID, known) => {
  const main = { name: containerNames.main, image: "python:3", ...(imageID !== undefined && { imageID }) };
  const metadata = { name: "a", namespace: "lab", uid: "u", resourceVersion: "1" };
  expect(imageOf(parsePod({ metadata, status: { initContainerStatuses: [main] } }))).toBe(known);
});
