import fc from "fast-check";
import { expect, test } from "vitest";
import { newRun, openTestServer, type TestServer } from "../test-server.support.ts";
import { QueryError } from "./document.ts";
import { parseQuery } from "./parse-query.ts";

interface Answer {
  readonly data: Record<string, never> | null;
  readonly errors?: { message: string; path?: string[]; extensions?: { code: string } }[];
}

async function ask({ app }: TestServer, query: string, variables: object = {}): Promise<Answer> {
  const response = await app.inject({
    method: "POST",
    url: "/graphql",
    headers: { "content-type": "application/json" },
    payload: JSON.stringify({ query, variables }),
  });
  expect(response.statusCode).toBe(200);
  return response.json();
}

/** What the run page of the stock UI reads, in our order; its client adds `__typename` everywhere. */
const getRun = `query GetRun($data: MlflowGetRunInput!) @component(name: "MLflow.ExperimentRunTracking") {
  mlflowGetRun(input: $data) {
    apiError { code message helpUrl __typename }
    run {
      info { runUuid runName status experimentId startTime endTime userId lifecycleStage artifactUri __typename }
      experiment { experimentId name artifactLocation lifecycleStage lastUpdateTime tags { key value } }
      modelVersions { name version source status }
      data { metrics { key value step timestamp } params { key value } tags { key value } __typename }
      inputs { datasetInputs { dataset { name digest sourceType source schema profile } tags { key value } } modelInputs { modelId } }
      outputs { modelOutputs { modelId step } }
      __typename
    }
    __typename
  }
}`;

test("the run page of the stock UI gets a run with its experiment, model versions and inputs", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server, { run_name: "first", user_id: "ann" });
  await server.post("runs/log-batch", {
    run_id,
    metrics: [
      { key: "loss", value: 0.5, timestamp: 9, step: 3 },
      { key: "odd", value: "NaN", timestamp: 9, step: 0 },
    ],
    params: [{ key: "p", value: "1" }],
  });
  const dataset = { name: "d", digest: "1", source_type: "local", source: "x" };
  await server.post("runs/log-inputs", { run_id, datasets: [{ dataset, tags: [{ key: "k", value: "v" }] }] });
  await server.post("registered-models/create", { name: "m" });
  await server.post("model-versions/create", { name: "m", source: `runs:/${run_id}/model`, run_id });
  const { data, errors } = await ask(server, getRun, { data: { runId: run_id } });
  expect(errors).toBeUndefined();
  expect(data?.mlflowGetRun).toEqual({
    __typename: "MlflowGetRunResponse",
    apiError: null,
    run: {
      __typename: "MlflowRunExtension",
      info: {
        __typename: "MlflowRunInfo",
        runUuid: run_id,
        runName: "first",
        status: "RUNNING",
        experimentId: "0",
        startTime: "7",
        endTime: null,
        userId: "ann",
        lifecycleStage: "active",
        artifactUri: `mlflow-artifacts:/0/${run_id}/artifacts`,
      },
      experiment: expect.objectContaining({ experimentId: "0", name: "Default", tags: [] }),
      modelVersions: [{ name: "m", version: "1", source: `runs:/${run_id}/model`, status: "READY" }],
      data: {
        __typename: "MlflowRunData",
        metrics: [
          { key: "loss", value: 0.5, step: "3", timestamp: "9" },
          { key: "odd", value: null, step: "0", timestamp: "9" },
        ],
        params: [{ key: "p", value: "1" }],
        tags: [{ key: "mlflow.runName", value: "first" }],
      },
      inputs: {
        datasetInputs: [
          {
            dataset: {
              name: "d",
              digest: "1",
              sourceType: "local",
              source: "x",
              schema: null,
              profile: null,
            },
            tags: [{ key: "k", value: "v" }],
          },
        ],
        modelInputs: [],
      },
      outputs: { modelOutputs: [] },
    },
  });
});

test("runs are searched with fragments, aliases, literals and defaults; what fails is null beside the rest", async () => {
  const server = await openTestServer();
  for (const name of ["a", "b", "c"]) await newRun(server, { run_name: name });
  const query = `query Two($max: Int = 2, $no: Boolean!) {
    some: mlflowSearchRuns(input: { experimentIds: ["0"], maxResults: $max, orderBy: ["attributes.run_name"] }) {
      ...page
      nextPageToken @skip(if: $no)
    }
    none: mlflowGetRun(input: { runId: "nobody" }) { run { info { runId } } }
    mlflowGetExperiment(input: { experimentId: "0" }) { ... on MlflowGetExperimentResponse { experiment { name } } }
  }
  fragment page on MlflowSearchRunsResponse { runs { info { runName } experiment { name } modelVersions { name } } }`;
  expect(await ask(server, query, { no: true })).toEqual({
    data: {
      some: {
        runs: ["a", "b"].map((runName) => ({
          info: { runName },
          experiment: { name: "Default" },
          modelVersions: [],
        })),
      },
      none: null,
      mlflowGetExperiment: { experiment: { name: "Default" } },
    },
    errors: [
      {
        message: "Run with id=nobody not found",
        path: ["none"],
        extensions: { code: "RESOURCE_DOES_NOT_EXIST" },
      },
    ],
  });
});

const deep = (levels: number) => `${"{ a ".repeat(levels)}${"}".repeat(levels)}`;
const many = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(" ");
const run = 'mlflowGetRun(input: { runId: "x" })';

test.each([
  ["{ mlflowGetRun(input: {}) { run { cow } } }", 'Cannot query field "cow" on type "MlflowRunExtension"'],
  ["{ constructor }", 'Cannot query field "constructor" on type "Query"'],
  [`{ ${run} }`, "must have a selection of subfields"],
  [`{ ${run} { run { info { runId { x } } } } }`, "must not have a selection"],
  [
    "query A($x: Int!) { mlflowGetRun(input: $x) { run { info { runId } } } }",
    'Variable "$x" of a required type',
  ],
  ["{ mlflowGetRun(input: $y) { run { info { runId } } } }", 'Variable "$y" is not defined'],
  ["{ mlflowGetRun(input: 1) { run { info { runId } } } }", "must be an object"],
  [deep(11), "exceeds maximum depth"],
  [`{ mlflowGetRun(input: ${"[".repeat(5000)}) }`, "exceeds maximum depth"],
  [`{ ${run} { run { info { ${many(11, (i) => `a${i}: runId`)} } } } }`, "at most 10 aliases, got 11"],
  [`{ ${many(11, (i) => `a${i}: ${run} { __typename }`)} }`, "at most 10 aliases"],
  [`{ ${run} { run { info { ${many(1001, () => "runId")} } } } }`, "maximum total selections"],
  [`{ ${run} { ...a } } fragment a on MlflowGetRunResponse { ...a }`, "exceeds maximum depth"],
  [`{ ${run} { ...b } } fragment a on MlflowGetRunResponse { run { info { runId } } }`, "not defined"],
  [`{ ${run} { ... on MlflowRunInfo { runId } } }`, 'on "MlflowRunInfo" cannot be spread'],
  ["x".repeat(20_001), "at most 20000 characters"],
  ["{ a", "Syntax Error"],
  ["", "Syntax Error"],
  ['{ a(b: "\\q") }', "Syntax Error: Invalid string"],
  ["subscription { a }", "Syntax Error"],
  ["query A { a } query B { a }", "Must provide operation name"],
])("query number %# is refused as a whole", async (query, message) => {
  const server = await openTestServer();
  expect(await ask(server, query)).toEqual({
    data: null,
    errors: [{ message: expect.stringContaining(message) }],
  });
});

test("what is no GraphQL request at all is a 400 of the protocol", async () => {
  const { app } = await openTestServer();
  const post = async (payload: string, type = "application/json") => {
    const headers = { "content-type": type };
    const { statusCode } = await app.inject({ method: "POST", url: "/graphql", headers, payload });
    return statusCode;
  };
  expect(await post("{")).toBe(400);
  expect(await post('{"query":1}')).toBe(400);
  expect(await post('{"query":"{a}","variables":[]}')).toBe(400);
  expect(await post('{"query":"{a}"}', "text/plain")).toBe(400);
});

test("whatever text is given as a query is parsed or refused", () => {
  const word = fc.constantFrom(
    ...'{ } ( ) [ ] : $ ! @ ... query mutation fragment on a b 1 -0.5e3 " """ \\ # , \0 é'.split(" "),
    "\n",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), (words) => {
      try {
        parseQuery(words.join(" "));
      } catch (error) {
        expect(error).toBeInstanceOf(QueryError);
      }
    }),
    { numRuns: 2000 },
  );
});
