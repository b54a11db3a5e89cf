import { expect, test } from "vitest";
import { newRun, openTestServer } from "../test-server.support.ts";
import { trackingRouteTable } from "./tracking-routes.ts";

test("every route of the table is there under both prefixes, and what is not is ENDPOINT_NOT_FOUND", async () => {
  const { app } = await openTestServer();
  for (const prefix of ["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/"]) {
    for (const { methods, path } of trackingRouteTable) {
      for (const method of methods) {
        expect(app.hasRoute({ method, url: prefix + path })).toBe(true);
      }
    }
  }
  for (const url of [
    "/api/2.0/mlflow/webhooks/create/it",
    "/api/3.0/mlflow/traces",
    "/api/2.0/mlflow-artifacts/other/create/a",
  ]) {
    const response = await app.inject({
      method: "POST",
      url,
      headers: { "content-type": url.includes("3.0") ? "application/json" : "text/plain" },
      payload: "{}",
    });
    expect([response.statusCode, response.json().error_code]).toEqual([404, "ENDPOINT_NOT_FOUND"]);
  }
});

test("health and version answer in plain text", async () => {
  const { app } = await openTestServer();
  expect((await app.inject("/")).body).toContain("MLFLOW_TRACKING_URI");
  expect((await app.inject("/health")).body).toBe("OK");
  expect((await app.inject("/version")).body).toMatch(/^\d+\.\d+\.\d+$/);
});

test("a POST that does not say it brings JSON is refused", async () => {
  const { app } = await openTestServer();
  const url = "/api/2.0/mlflow/experiments/create";
  const payload = JSON.stringify({ name: "x" });
  for (const headers of [
    {},
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
  ]) {
    const response = await app.inject({ method: "POST", url, headers, payload });
    expect(response.statusCode).toBe(400);
  }
  const broken = await app.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/json" },
    payload: "{",
  });
  expect([broken.statusCode, broken.json().error_code]).toEqual([400, "BAD_REQUEST"]);
  const twice = await app.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/json" },
    payload: JSON.stringify(payload),
  });
  expect(twice.statusCode).toBe(200);
});

test("wrong and missing fields are named in the words clients know", async () => {
  const server = await openTestServer();
  const { post, get } = server;
  const hint = "See the API docs for more information about request parameters.";
  expect((await post("runs/log-batch", { run_id: 31 })).body.message).toBe(
    `Invalid value 31 for parameter 'run_id' supplied:  Hint: Value was of type 'int'. ${hint}`,
  );
  expect(
    (await post("runs/log-batch", { run_id: "a", metrics: [{ key: "m", timestamp: 1 }] })).body.message,
  ).toBe(`Missing value for required parameter 'metrics[0].value'. ${hint}`);
  expect((await get("runs/get")).body).toMatchObject({
    error_code: "INVALID_PARAMETER_VALUE",
    message: `Missing value for required parameter 'run_id'. ${hint}`,
  });
  expect(await get("runs/get", { run_id: "nobody" })).toEqual({
    status: 404,
    body: { error_code: "RESOURCE_DOES_NOT_EXIST", message: "Run with id=nobody not found" },
  });
  expect((await post("runs/search", { experiment_ids: ["0"], max_results: 50_001 })).body.message).toContain(
    "Invalid value 50001 for parameter 'max_results' supplied",
  );
  expect((await post("experiments/search", {})).status).toBe(400);
  const runId = await newRun(server);
  const metric = { run_id: runId, key: "a\nb", value: 1, timestamp: 1 };
  expect((await post("runs/log-metric", metric)).body.message).toContain("Names may only contain");
  expect((await post("runs/log-metric", { ...metric, key: "m", step: 2 ** 60 })).status).toBe(400);
});
