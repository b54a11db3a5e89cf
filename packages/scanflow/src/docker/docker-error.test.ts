import { expect, test } from "vitest";
import { answerError } from "./docker-error.ts";

test.each([
  // Docker 20.10, and 27.
  "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
  "all predefined address pools have been fully subnetted",
])("a daemon without addresses for one more network says so in words of its version: %s", (said) => {
  expect(answerError(500, said, 'create network "n"')).toMatchObject({
    code: "SCANFLOW_DOCKER_FAILED",
    message: expect.stringContaining("default-address-pools"),
  });
});
