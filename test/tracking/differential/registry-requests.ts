import type { Fields, Pair } from "./pair.ts";

/** Models and versions: described, tagged, aliased, staged, renamed and deleted. */
export async function askOfRegistry(pair: Pair): Promise<void> {
  const run_id = await pair.make("source", "run.info.run_id", "POST runs/create", {
    experiment_id: "0",
    start_time: 1,
    run_name: "source",
  });
  const name = "m";
  const source = `mlflow-artifacts:/0/${run_id}/artifacts/model`;
  const asks: (readonly [string, Fields?])[] = [
    ...["m", "m", "", "a/b", "a:b"].map((one) => ["POST registered-models/create", { name: one }] as const),
    ["GET registered-models/get", { name: "none" }],
    ["POST model-versions/create", { name, source, run_id }],
    [
      "POST model-versions/create",
      { name, source: `runs:/${run_id}/model`, run_id, description: "d", tags: [{ key: "a", value: "" }] },
    ],
    ...[
      "s3://b/k",
      "models:/m/1",
      "models:/none@x",
      "file:///etc/passwd",
      "s3://b/../x",
      "mlflow-artifacts:/0/other",
    ].map((one) => ["POST model-versions/create", { name, source: one }] as const),
    ["POST model-versions/create", { name: "none", source: "s3://b/k" }],
    [
      "POST registered-models/create",
      { name: "prompt", tags: [{ key: "mlflow.prompt.is_prompt", value: "true" }] },
    ],
    ...["dummy-source", "x"].map(
      (one) =>
        [
          "POST model-versions/create",
          { name: "prompt", source: one, tags: [{ key: "mlflow.prompt.is_prompt", value: "true" }] },
        ] as const,
    ),
    ...["1", "01", "99", "x", ""].map((version) => ["GET model-versions/get", { name, version }] as const),
    ["GET model-versions/get-download-uri", { name, version: "2" }],
    ["PATCH model-versions/update", { name, version: "2" }],
    ["GET model-versions/get", { name, version: "2" }],
    ["PATCH registered-models/update", { name, description: "é" }],
    ...["registered-models", "model-versions"].flatMap((path) => [
      ...["a", "bad!", ""].map(
        (key) => [`POST ${path}/set-tag`, { name, version: "1", key, value: "x" }] as const,
      ),
      ...["a", "a", "bad!"].map((key) => [`DELETE ${path}/delete-tag`, { name, version: "1", key }] as const),
    ]),
    ...["champ", "latest", "v1", "a b", "", "x".repeat(256)].map(
      (alias) => ["POST registered-models/alias", { name, alias, version: "2" }] as const,
    ),
    ["POST registered-models/alias", { name, alias: "champ", version: "99" }],
    ...["champ", "none"].map((alias) => ["GET registered-models/alias", { name, alias }] as const),
    ...[
      ["1", "Staging"],
      ["2", "staging"],
      ["3", "Production"],
      ["1", "Bogus"],
      ["99", "Staging"],
    ].map(
      ([version, stage]) =>
        [
          "POST model-versions/transition-stage",
          { name, version, stage, archive_existing_versions: false },
        ] as const,
    ),
    [
      "POST model-versions/transition-stage",
      { name, version: "1", stage: "Production", archive_existing_versions: true },
    ],
    [
      "POST model-versions/transition-stage",
      { name, version: "1", stage: "None", archive_existing_versions: true },
    ],
    ...[[], ["Production"], ["Bogus"]].map(
      (stages) => ["POST registered-models/get-latest-versions", { name, stages }] as const,
    ),
    ["GET registered-models/get", { name }],
    ["GET model-versions/search", {}],
    ...[
      "name = 'm'",
      "version_number = '2'",
      "version_number > 1 AND name LIKE 'm%'",
      "tags.a IS 1",
      "bogus = 'x'",
    ].map((filter) => ["GET model-versions/search", { filter }] as const),
    ...[
      "name = 'm'",
      "name ILIKE 'M'",
      "name = 'm' OR name = 'n'",
      "tags.`mlflow.prompt.is_prompt` = 'true'",
    ].map((filter) => ["GET registered-models/search", { filter }] as const),
    ["POST registered-models/rename", { name, new_name: "n" }],
    ["GET registered-models/get", { name: "n" }],
    ["DELETE registered-models/alias", { name: "n", alias: "champ" }],
    ["DELETE model-versions/delete", { name: "n", version: "4" }],
    ["DELETE model-versions/delete", { name: "n", version: "4" }],
    ["POST model-versions/create", { name: "n", source: "s3://b/k" }],
    ["DELETE registered-models/delete", { name: "n" }],
    ["GET model-versions/get", { name: "n", version: "1" }],
  ];
  for (const [where, fields] of asks) await pair.ask(where, fields);
}

/** Logged models: made, filled, finished, searched and deleted. */
export async function askOfLoggedModels(pair: Pair): Promise<void> {
  const model_id = await pair.make("logged", "model.info.model_id", "POST logged-models", {
    ...{
      experiment_id: "0",
      name: "l",
      params: [{ key: "p!", value: "1" }],
      tags: [{ key: "t", value: "x" }],
    },
  });
  const path = `logged-models/${model_id}`;
  const asks: (readonly [string, Fields?])[] = [
    ...["a/b", "a'b", "é 🦊"].map((name) => ["POST logged-models", { experiment_id: "0", name }] as const),
    ["POST logged-models", { experiment_id: "77", name: "x" }],
    ["PATCH logged-models/m-none", { model_id: "m-none", status: "LOGGED_MODEL_READY" }],
    [`PATCH ${path}`, { model_id, status: "LOGGED_MODEL_READY" }],
    [`PATCH ${path}/tags`, { tags: [{ key: "u!", value: "y" }] }],
    [`POST ${path}/params`, { model_id, params: [{ key: "q", value: "2" }] }],
    [
      "POST runs/log-metric",
      {
        run_id: "{{run}}",
        key: "acc",
        value: 0.5,
        timestamp: 1,
        step: 0,
        model_id,
        dataset_name: "d",
        dataset_digest: "1",
      },
    ],
    [`GET ${path}`],
    ...[
      "name = 'l'",
      "metrics.acc > 0.4",
      "params.q IN ('2')",
      "tags.t != 'x'",
      "status = 'READY'",
      "bogus.a = 'x'",
    ].map((filter) => ["POST logged-models/search", { experiment_ids: ["0"], filter }] as const),
    [
      "POST logged-models/search",
      { experiment_ids: ["0"], order_by: [{ field_name: "metrics.acc", ascending: false }] },
    ],
    ["POST logged-models/search", { experiment_ids: ["0"], order_by: [{ field_name: "bogus" }] }],
    [`DELETE ${path}/tags/t`],
    [`DELETE ${path}/tags/t`],
    [`DELETE ${path}`],
    [`GET ${path}`],
    [`GET ${path}`, { allow_deleted: true }],
  ];
  for (const [where, fields] of asks) await pair.ask(where, fields);
}
