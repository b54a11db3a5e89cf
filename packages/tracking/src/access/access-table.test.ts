import { expect, test } from "vitest";
import { accessTable, changes, ruleOf } from "./access-table.ts";
import { openGuardedServer } from "./guarded-server.support.ts";

/** A request to each route, with input that every finder can read, of things that are not there. */
const input = {
  experiment_id: "0",
  experiment_ids: ["0"],
  run_id: "nobody",
  name: "nobody",
  new_name: "nobody",
  key: "k",
};
const path = (url: string) => url.replace(/:\w+/g, "nobody").replace("*", "0/a.txt");

test("every route stands in the table with its role", async () => {
  const { app, routes } = await openGuardedServer();
  const listed = routes.map(({ method, url }) => `${method} ${url}: ${roleOf(method, url)}`);
  expect(listed.filter((line) => line.endsWith("refused"))).toEqual([]);
  expect(routes.length).toBeGreaterThan(100);
  expect(app.printRoutes()).toContain("health");
  expect(listed).toEqual(
    expect.arrayContaining([
      "GET /health: open",
      "POST /api/2.0/mlflow/runs/create: editor",
      "POST /ajax-api/2.0/mlflow/runs/search: known",
      "GET /get-artifact: viewer",
      "DELETE /api/2.0/mlflow-artifacts/artifacts/*: editor",
    ]),
  );
});

test("every row of the table is of a route, beside those of the server that mounts them", async () => {
  const { routes } = await openGuardedServer();
  const rows = Object.keys(accessTable).filter((row) => {
    const [method, path = ""] = row.split(" ");
    const below = path.startsWith("mlflow-artifacts/") ? "/api/2.0/" : "/api/2.0/mlflow/";
    const urls = path.startsWith("/") ? [path] : [below + path, `/ajax-api/2.0/mlflow/${path}`];
    return !routes.some((route) => route.method === method && urls.includes(route.url));
  });
  expect(rows).toEqual([
    "GET /ready",
    "GET /metrics",
    "POST /api/2.0/scanflow/purge",
    "POST /api/2.0/scanflow/gc",
    "POST /api/2.0/scanflow/ledger",
  ]);
});

function roleOf(method: string, url: string): string {
  const rule = ruleOf(method, url);
  if (rule === undefined) return "refused";
  return typeof rule === "string" ? rule : rule.map(({ role }) => role).join(", ");
}

test("without a token every route but the open ones is refused", async () => {
  const { routes, ask } = await openGuardedServer();
  for (const { method, url } of routes) {
    const { status } = await ask(undefined, method, path(url), method === "GET" ? {} : input);
    const open = ["/", "/health", "/version"].includes(url);
    expect([method, url, status]).toEqual([method, url, open ? 200 : 401]);
  }
});

test("a viewer of everything is refused every write, and told so in the protocol's form", async () => {
  const { routes, ask, tokenFor, store } = await openGuardedServer();
  const viewer = await tokenFor("vera", { "*": "viewer" });
  const before = await store.read("SELECT COUNT(*) AS n FROM tracking_experiments");
  let writes = 0;
  for (const { method, url } of routes) {
    if (["GET", "HEAD"].includes(method) || url.endsWith("mlflow/*")) continue;
    const rule = ruleOf(method, url);
    const { status, body } = await ask(viewer, method, path(url), input);
    if (rule !== undefined && changes(rule)) {
      writes++;
      expect([method, url, status, body.error_code]).toEqual([method, url, 403, "PERMISSION_DENIED"]);
    } else {
      // What is left are searches and answers that there is no such route.
      expect(url).toMatch(/search|get-latest-versions|graphql|\/\*$/);
    }
  }
  expect(writes).toBeGreaterThan(60);
  expect(await store.read("SELECT COUNT(*) AS n FROM tracking_experiments")).toEqual(before);
});

test("a route without a row is refused even to an admin", async () => {
  const { access, tracking, tokenFor } = await openGuardedServer();
  const admin = await tokenFor("ada", { "*": "admin" });
  const { fastify } = await import("fastify");
  const { guardAccess } = await import("./guard-access.ts");
  const app = fastify();
  guardAccess(app, { access, tracking });
  app.get("/made-up", async () => "secret");
  const headers = { authorization: `Bearer ${admin}` };
  const response = await app.inject({ url: "/made-up", headers });
  expect([response.statusCode, response.json().error_code]).toEqual([403, "PERMISSION_DENIED"]);
  expect((await app.inject({ url: "/nothing", headers })).statusCode).toBe(404);
  expect((await app.inject({ url: "/nothing" })).statusCode).toBe(401);
});

test("an editor of nothing else is let in to no route of the server as a whole", async () => {
  const { ask, tokenFor } = await openGuardedServer();
  const editor = await tokenFor("eda", { digits: "admin" });
  for (const [row, rule] of Object.entries(accessTable)) {
    const [method = "", url = ""] = row.split(" ");
    if (!url.startsWith("webhooks")) continue;
    expect(rule).not.toBe("known");
    const { status } = await ask(editor, method as "GET", path(url), method === "GET" ? {} : input);
    expect([row, status]).toEqual([row, 403]);
  }
});
