import fc from "fast-check";
import { expect, test } from "vitest";
import { openTestServer } from "../test-server.support.ts";
import { trackingRouteTable } from "./tracking-routes.ts";

const fields = [
  ..."run_id run_uuid experiment_id experiment_ids name new_name key value timestamp step metrics params tags".split(
    " ",
  ),
  ..."filter order_by max_results page_token metric_key run_ids start_step end_step path version alias stage".split(
    " ",
  ),
  ..."source model_id model_json datasets models status end_time start_time view_type artifact_location".split(
    " ",
  ),
  ..."description experiment_name run_name stages source_run_id model_type allow_deleted run_view_type".split(
    " ",
  ),
  ..."url events event secret tag_key artifact_directory_path archive_existing_versions view_type".split(" "),
  ..."__proto__ constructor toString hasOwnProperty".split(" "),
];

const strange = fc.oneof(
  fc.constantFrom<unknown>(
    "known",
    "0",
    "1",
    0,
    1,
    -1,
    1.5,
    2 ** 53,
    1e308,
    "NaN",
    "1e999",
    null,
    true,
    "",
    [],
    {},
    "x".repeat(20_000),
    "../../etc/passwd",
    "a\0b",
    "\ud800",
    "🏃",
    "metrics.a > 1",
    "name = 'known'",
    "metrics.`a` DESC",
    "s3://b/k",
    "mlflow-artifacts:/0/known/artifacts/m",
    "models:/known@latest",
    "Production",
    "FINISHED",
    "https://example.org/",
    "http://127.0.0.1:1/",
    [{ entity: "MODEL_VERSION", action: 1 }],
    "ALL",
    '{"artifact_path":"m","flavors":{"a":null},"utc_time_created":"x","run_id":"known"}',
    Buffer.from('{"offset":9007199254740991}').toString("base64"),
    Buffer.from('{"offset":-1}').toString("base64"),
  ),
  fc.string({ unit: "binary", maxLength: 10 }),
  fc.double(),
);
const entry = fc.dictionary(
  fc.constantFrom(
    "key",
    "value",
    "timestamp",
    "step",
    "dataset",
    "tags",
    "model_id",
    "name",
    "field_name",
    "entity",
    "action",
    "__proto__",
  ),
  strange,
  { maxKeys: 4 },
);
const anything = fc.oneof(strange, entry, fc.array(fc.oneof(strange, entry), { maxLength: 3 }));
const request = fc.record({
  route: fc.nat(trackingRouteTable.length - 1),
  method: fc.nat(1),
  input: fc.dictionary(fc.constantFrom(...fields), anything, { maxKeys: 8 }),
  id: fc.constantFrom("known", "m-nobody", "%2e%2e", "a%00b"),
});

test("whatever a route is given, it answers 2xx or a 4xx of the protocol", async () => {
  const { app, tracking, get, post } = await openTestServer();
  await tracking.startRuns([{ runId: "known", experimentId: "0", name: "known", startTime: 1 }]);
  await post("registered-models/create", { name: "known" });
  await post("model-versions/create", { name: "known", source: "s3://b/k" });
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(request, async ({ route, method, input, id }) => {
      const { methods, path } = trackingRouteTable[route] ?? { methods: ["GET" as const], path: "" };
      const chosen = methods[method % methods.length] ?? "GET";
      const url = `/api/2.0/mlflow/${path.replace(/:\w+/g, id)}`;
      const text = (value: unknown) =>
        typeof value === "string" ? value.toWellFormed() : JSON.stringify(value);
      const query = Object.entries(input).map(
        ([key, value]) => `${key}=${encodeURIComponent(text(value) ?? "")}`,
      );
      const response = await app.inject(
        chosen === "GET"
          ? { method: chosen, url: `${url}?${query.join("&")}` }
          : {
              method: chosen,
              url,
              headers: { "content-type": "application/json" },
              payload: JSON.stringify(input),
            },
      );
      seen.add(response.statusCode);
      const said = response.json();
      if (response.statusCode >= 400) {
        expect([response.statusCode, response.body, said.error_code]).toEqual([
          expect.toSatisfy((status) => status < 500),
          expect.any(String),
          expect.stringMatching(/^[A-Z_]+$/),
        ]);
      } else {
        expect(response.statusCode).toBe(200);
      }
    }),
    { numRuns: 3000 },
  );
  expect([...seen]).toEqual(expect.arrayContaining([200, 400, 404]));
  expect((await get("experiments/get", { experiment_id: "0" })).status).toBe(200);
});

test.each(["", "null", "[]", "1", '"x"', "{", '{"a":', "\0", '{"__proto__":{"x":1}}', "[".repeat(50_000)])(
  "body number %# is answered without a 5xx by every route",
  async (payload) => {
    const { app } = await openTestServer();
    for (const { methods, path } of trackingRouteTable) {
      for (const method of methods.filter((one) => one !== "GET")) {
        const url = `/api/2.0/mlflow/${path.replace(/:\w+/g, "x")}`;
        const headers = { "content-type": "application/json" };
        const { statusCode } = await app.inject({ method, url, headers, payload });
        expect([path, statusCode]).toEqual([path, expect.toSatisfy((status) => status < 500)]);
      }
    }
  },
);

const bodies = ["run_id=known", "<a/>", JSON.stringify({ run_id: "known", experiment_id: "0" })];

test("a POST of another content type is a 400 on every route", async () => {
  const { app } = await openTestServer();
  const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"];
  const posts = trackingRouteTable.filter(({ methods }) => methods.includes("POST")).map(({ path }) => path);
  for (const path of [...posts, "graphql"]) {
    for (const [i, type] of types.entries()) {
      const url = `/ajax-api/2.0/mlflow/${path.replace(/:\w+/g, "known")}`;
      const payload = bodies[i % bodies.length] ?? "";
      const response = await app.inject({ method: "POST", url, headers: { "content-type": type }, payload });
      expect([path, type, response.statusCode, response.json().error_code]).toEqual([
        path,
        type,
        400,
        "INVALID_PARAMETER_VALUE",
      ]);
    }
  }
});

test("a method that a path does not have is no route", async () => {
  const { app } = await openTestServer();
  const known = Map.groupBy(trackingRouteTable, ({ path }) => path.replace(/:\w+/g, ":id"));
  for (const [path, routes] of known) {
    const has = new Set(routes.flatMap(({ methods }) => methods));
    for (const method of (["GET", "POST", "PATCH", "DELETE", "PUT"] as const).filter(
      (one) => one === "PUT" || !has.has(one),
    )) {
      // A word in the place of an id may be a route of its own, as `search` is.
      if (/^logged-models\/(search|:id)$/.test(path)) continue;
      const headers = { "content-type": "application/json" };
      const url = `/api/2.0/mlflow/${path.replace(":id", "known")}`;
      const response = await app.inject({ method, url, headers, payload: "{}" });
      expect([method, path, response.statusCode, response.json().error_code]).toEqual([
        method,
        path,
        404,
        "ENDPOINT_NOT_FOUND",
      ]);
    }
  }
});

const graphqlWords =
  "{ } ( ) : $ ! mlflowGetRun mlflowSearchRuns input run info runId a __typename __proto__ ... on".split(" ");

test("whatever GraphQL is asked, the answer has data or errors and is no 5xx", async () => {
  const { app } = await openTestServer();
  const query = fc.oneof(
    fc.array(fc.constantFrom(...graphqlWords), { maxLength: 20 }).map((words) => words.join(" ")),
    fc.constant(
      "query A($i: X) { mlflowSearchRuns(input: $i) { runs { info { runId } modelVersions { name } } } }",
    ),
    fc.constant("query A($i: X) { mlflowGetRun(input: $i) { run { experiment { name } __typename } } }"),
  );
  const body = fc.record({
    query,
    variables: fc.oneof(strange, fc.record({ i: anything })),
    operationName: strange,
  });
  await fc.assert(
    fc.asyncProperty(body, async (payload) => {
      const headers = { "content-type": "application/json" };
      const response = await app.inject({
        method: "POST",
        url: "/graphql",
        headers,
        payload: JSON.stringify(payload),
      });
      const said = response.json();
      if (response.statusCode === 400) expect(said.error_code).toBe("BAD_REQUEST");
      else expect([response.statusCode, Object.keys(said)]).toEqual([200, expect.arrayContaining(["data"])]);
    }),
    { numRuns: 1000 },
  );
});
