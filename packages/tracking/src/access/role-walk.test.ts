import { randomUUID } from "node:crypto";
import type { FastifyInstance, InjectOptions } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { openAccess } from "../index.ts";
import { makeApplication } from "../server/application.ts";
import { openServerMetrics } from "../server/server-metrics.ts";
import { openGlance } from "../store/index.ts";
import { openTestTracking } from "../test-tracking.support.ts";
import { ruleOf, ruleText } from "./access-table.ts";
import { FirstUser, firstUserQuery } from "./first-user.ts";
import type { Role } from "./role.ts";

interface Route {
  readonly method: string;
  readonly url: string;
}

/** The whole server as `scanflow track` makes it, and each of its routes. */
async function openWhole() {
  const { tracking, store, artifacts } = await openTestTracking();
  const access = openAccess({ store });
  const glance = openGlance(store, undefined, firstUserQuery);
  const metrics = openServerMetrics({ storeQueue: () => store.waiting, runs: async () => new Map() });
  const rooms = { tracking, store, artifacts, access, glance, metrics, firstUser: new FirstUser(glance) };
  const routes: Route[] = [];
  const onRoute = ({ method, url }: { method: string | string[]; url: string }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  };
  const app = await makeApplication(rooms, { hosts: [], localToken: randomUUID(), onRoute });
  await app.ready();
  onTestFinished(() => app.close());
  const tokenFor = async (name: string, application: string, role: Role) => {
    await access.addUser({ name, application, role });
    return (await access.addToken({ user: name })).token;
  };
  return { app, routes, tokenFor };
}

/** Fresh things of the application `fraud`, and input by which any route finds them. */
async function makeThings(app: FastifyInstance, admin: string) {
  const name = `forest-${randomUUID()}`;
  const post = async (path: string, payload: object) => {
    const headers = { authorization: `Bearer ${admin}`, host: "localhost" };
    return (await app.inject({ method: "POST", url: `/api/2.0/${path}`, headers, payload })).json();
  };
  const { experiment_id } = await post("mlflow/experiments/create", { name: `fraud/${name}` });
  const { run } = await post("mlflow/runs/create", { experiment_id });
  const logged = await post("mlflow/logged-models", { experiment_id, name: "net" });
  const tags = [{ key: "scanflow.application", value: "fraud" }];
  await post("mlflow/registered-models/create", { name, tags });
  const place = `${experiment_id}/${run.info.run_id}/artifacts`;
  const upload = await post(`mlflow-artifacts/mpu/create/${place}`, { path: "a.bin", num_parts: 1 });
  const input = {
    experiment_id,
    experiment_name: `fraud/${name}`,
    experiment_ids: [experiment_id],
    run_id: run.info.run_id,
    run_ids: run.info.run_id,
    name,
    new_name: `fraud/${name}-2`,
    key: "k",
    version: "1",
    alias: "best",
    path: place,
  };
  const parts = { model_id: logged.model.info.model_id, upload: upload.upload_id, part: "1", tag_key: "k" };
  return { input, parts: { ...parts, webhook_id: "nobody" }, place };
}

type Things = Awaited<ReturnType<typeof makeThings>>;

/** A request to a route that concerns the things. */
function requestTo({ method, url }: Route, { input, parts, place }: Things): InjectOptions {
  const path = url
    .replace(/:(\w+)/g, (_, part: keyof typeof parts) => parts[part])
    .replace("*", `${place}/a.txt`);
  const creating = url.endsWith("experiments/create") ? { name: `fraud/${randomUUID()}` } : {};
  const tags = url.endsWith("registered-models/create")
    ? [{ key: "scanflow.application", value: "fraud" }]
    : [];
  if (method === "GET" || method === "HEAD") return { method, url: path, query: input };
  const payload = { ...input, source: "s3://b/k", tags, query: "{ __typename }", ...creating };
  return { method: method as "POST", url: path, payload };
}

const people = ["nobody", "stranger", "viewer", "editor", "admin", "viewer of everything"] as const;
const more = ["editor of everything", "admin of everything"] as const;
type Person = (typeof people)[number] | (typeof more)[number];

/** Who may, by what the table says of the route. */
const allowed: Readonly<Record<string, readonly Person[]>> = {
  open: [...people, ...more],
  known: ["stranger", "viewer", "editor", "admin", "viewer of everything", ...more],
  viewer: ["viewer", "editor", "admin", "viewer of everything", ...more],
  editor: ["editor", "admin", ...more],
  "editor, viewer": ["editor", "admin", ...more],
  "viewer of everything": ["viewer of everything", ...more],
  "admin of everything": ["admin of everything"],
};

test("each route of the server lets in whom the table names, and refuses everybody else", async () => {
  const { app, routes, tokenFor } = await openWhole();
  const tokens: Record<Person, string | undefined> = {
    nobody: undefined,
    // May do everything in another application.
    stranger: await tokenFor("stranger", "digits", "admin"),
    viewer: await tokenFor("viewer", "fraud", "viewer"),
    editor: await tokenFor("editor", "fraud", "editor"),
    admin: await tokenFor("admin", "fraud", "admin"),
    "viewer of everything": await tokenFor("all-viewer", "*", "viewer"),
    "editor of everything": await tokenFor("all-editor", "*", "editor"),
    "admin of everything": await tokenFor("all-admin", "*", "admin"),
  };
  const admin = tokens["admin of everything"] ?? "";
  expect(routes.map(({ method, url }) => `${method} ${url}`)).toEqual(
    expect.arrayContaining(["GET /ready", "GET /metrics", "GET /api/2.0/scanflow/audit"]),
  );
  const listed = new Map<string, number>();
  for (const route of routes) {
    const rule = ruleText(ruleOf(route.method, route.url));
    listed.set(rule, (listed.get(rule) ?? 0) + 1);
    const may = allowed[rule];
    expect(may, `${route.method} ${route.url} has no row in the table of access: ${rule}`).toBeDefined();
    const things = await makeThings(app, admin);
    const answers: string[] = [];
    // Those who are refused come first: those who are let in may remove what is asked for.
    const all = [...people, ...more].sort((a, b) => Number(may?.includes(a)) - Number(may?.includes(b)));
    for (const person of all) {
      const { headers: _, ...request } = requestTo(route, things);
      const authorization = tokens[person] === undefined ? {} : { authorization: `Bearer ${tokens[person]}` };
      const response = await app.inject({ ...request, headers: { host: "localhost", ...authorization } });
      const refusal = response.statusCode === 401 || response.statusCode === 403;
      if (response.statusCode >= 500) answers.push(`${person}: ${response.statusCode} ${response.body}`);
      if (refusal === may?.includes(person))
        answers.push(`${person}: ${response.statusCode} ${response.body}`);
      if (refusal) expect(response.statusCode).toBe(person === "nobody" ? 401 : 403);
    }
    expect(answers, `${route.method} ${route.url} (${rule})`).toEqual([]);
  }
  expect(routes.length).toBeGreaterThan(150);
  expect(listed.get("editor")).toBeGreaterThan(60);
  expect(listed.get("viewer")).toBeGreaterThan(30);
  expect(listed.get("admin of everything")).toBeGreaterThan(12);
});
