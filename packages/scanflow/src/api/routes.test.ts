import { expect, test } from "vitest";
import { openApi, pathNames, type Route, routes } from "./index.ts";

const rows: [string, Route][] = Object.entries(routes).flatMap(([group, calls]) =>
  Object.entries(calls).map(([name, route]): [string, Route] => [`${group}.${name}`, route]),
);

test.each(rows)("every name in the path of %s is part of its input", (_, route) => {
  expect(Object.keys(route.input.shape)).toEqual(expect.arrayContaining(pathNames(route.path)));
});

test("no two routes have the same method and path", () => {
  const places = rows.map(([, { method, path }]) => `${method} ${path.replaceAll(/:\w+/g, ":")}`);
  expect(new Set(places).size).toBe(places.length);
});

test("the OpenAPI document has an operation for each route, and says where each part of its input goes", () => {
  const { paths } = openApi("1.2.3") as unknown as { paths: Record<string, Record<string, Operation>> };
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(rows.map(([name]) => name).sort());
  const log = paths["/api/v1/runs/{run}/log"]?.get;
  expect(log?.parameters.map((one) => `${one.in} ${one.name} ${one.required}`)).toEqual([
    "path run true",
    "query task true",
    "query attempt false",
    "query offset false",
    "query limit false",
  ]);
  const decide = paths["/api/v1/runs/{run}/decisions"]?.post;
  expect(decide?.requestBody?.content["application/json"]?.schema.required).toEqual([
    "task",
    "approved",
    "by",
  ]);
});

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { in: string; name: string; required: boolean }[];
  readonly requestBody?: { content: Record<string, { schema: { required: string[] } }> };
}
