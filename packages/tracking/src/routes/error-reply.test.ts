import type { FastifyError } from "fastify";
import { expect, test } from "vitest";
import { TrackingError } from "../errors.ts";
import { ObjectError } from "../objects/errors.ts";
import { explainError } from "./error-reply.ts";

const secret = "10.1.2.3:5432 of bucket team-data";

test.each([
  [new TrackingError("SCANFLOW_STORE_UNREACHABLE", secret), 503],
  [new ObjectError("SCANFLOW_OBJECT_UNREACHABLE", secret), 503],
  [new ObjectError("SCANFLOW_OBJECT_CREDENTIALS", secret), 403],
  [new TrackingError("SCANFLOW_STORE_SQL", secret), 500],
  [new Error(secret), 500],
])("what is wrong with the server itself is told without places and names: %s", (error, status) => {
  const explained = explainError(error as FastifyError);
  expect(explained.status).toBe(status);
  expect(explained.message).not.toContain("10.1.2.3");
  expect(explained.message).toContain((error as { code?: string }).code ?? "Error");
});
