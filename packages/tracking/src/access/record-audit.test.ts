import { userInfo } from "node:os";
import { fastify } from "fastify";
import { expect, test } from "vitest";
import { openTestTracking } from "../test-tracking.support.ts";
import { Audit } from "./audit.ts";
import { openGuardedServer } from "./guarded-server.support.ts";
import { recordAudit } from "./record-audit.ts";

const audit = "/api/2.0/scanflow/audit";

test("every change is put down with who, what and how it ended; never a value", async () => {
  const { ask, tokenFor, passMs } = await openGuardedServer();
  const ada = await tokenFor("ada", { "*": "admin" });
  const vera = await tokenFor("vera", { "*": "viewer" });
  const { body } = await ask(ada, "POST", "runs/create", { experiment_id: "0" });
  const run = (body.run as { info: { run_id: string } }).info.run_id;
  passMs(5);
  await ask(ada, "POST", "runs/log-parameter", { run_id: run, key: "lr", value: "hush" });
  await ask(ada, "POST", "runs/log-parameter", { run_id: "nobody", key: "lr", value: "hush" });
  await ask(vera, "POST", "runs/delete", { run_id: run });
  await ask(vera, "GET", "runs/get", { run_id: run });
  await ask(vera, "POST", "runs/search", { experiment_ids: ["0"] });
  await ask(undefined, "POST", "runs/delete", { run_id: run });
  const listed = await ask(ada, "GET", audit);
  const entry = (user: string, timestamp: number, route: string, target: object, status: number) => ({
    user,
    timestamp,
    address: "127.0.0.1",
    method: "POST",
    route: `/api/2.0/mlflow/runs/${route}`,
    target,
    status,
  });
  expect(listed.body.entries).toEqual([
    entry("vera", 1_000_005, "delete", { run_id: run }, 403),
    entry("ada", 1_000_005, "log-parameter", { run_id: "nobody", key: "lr" }, 404),
    entry("ada", 1_000_005, "log-parameter", { run_id: run, key: "lr" }, 200),
    entry("ada", 1_000_000, "create", { experiment_id: "0" }, 200),
  ]);
  const some = await ask(ada, "GET", audit, { user: "ada", since: "1000005", max_results: "1" });
  expect(some.body.entries).toMatchObject([{ target: { run_id: "nobody" } }]);
  const rest = await ask(ada, "GET", audit, {
    user: "ada",
    since: "1000005",
    max_results: "1",
    page_token: String(some.body.next_page_token),
  });
  expect(rest.body).toEqual({ entries: [expect.objectContaining({ target: { run_id: run, key: "lr" } })] });
  expect((await ask(vera, "GET", audit)).status).toBe(403);
  expect((await ask(ada, "GET", audit, { since: "soon" })).status).toBe(400);
});

test("what was put down stays when the run is purged and the user removed", async () => {
  const { ask, tokenFor, tracking, access } = await openGuardedServer();
  const ada = await tokenFor("ada", { "*": "admin" });
  const mira = await tokenFor("mira", { Default: "editor" });
  const { body } = await ask(mira, "POST", "runs/create", { experiment_id: "0" });
  await tracking.purgeRuns([(body.run as { info: { run_id: string } }).info.run_id]);
  await access.removeUser("mira");
  expect((await ask(ada, "GET", audit)).body.entries).toMatchObject([{ user: "mira", status: 200 }]);
});

test("a stranger writes nothing into the audit, however often it tries", async () => {
  const { ask, app, tokenFor } = await openGuardedServer();
  const ada = await tokenFor("ada", { "*": "admin" });
  const statuses = new Set<number>();
  for (let i = 0; i < 25; i++) {
    statuses.add((await ask("wrong", "POST", "runs/delete", { run_id: "r" })).status);
    statuses.add((await ask(undefined, "DELETE", "/api/2.0/mlflow-artifacts/artifacts/0/a")).status);
  }
  expect([...statuses].sort()).toEqual([401, 429]);
  expect((await ask(ada, "GET", audit)).body).toEqual({ entries: [] });
  await app.inject({
    method: "POST",
    url: "/api/2.0/mlflow/runs/delete",
    headers: { authorization: `Bearer ${ada}` },
  });
  expect((await ask(ada, "GET", audit)).body.entries).toMatchObject([{ user: "ada", status: 400 }]);
});

test("the oldest entries go beyond a number and an age", async () => {
  const { tracking, passMs, store } = await openTestTracking();
  const entry = { user: "a", address: "", method: "POST", route: "/", target: {}, status: 200 };
  const filled = new Audit(tracking.context);
  for (let i = 0; i < 5; i++) {
    await filled.add(entry);
    passMs(86_400_000);
  }
  const count = async () => (await store.read<{ n: number }>("SELECT COUNT(*) AS n FROM access_audit"))[0]?.n;
  await new Audit(tracking.context, { keepDays: 3.5 }).add(entry);
  expect(await count()).toBe(4);
  await new Audit(tracking.context, { keepEntries: 2 }).add(entry);
  expect(await count()).toBe(2);
});

test("where nobody logs in, changes are put down to who runs the server", async () => {
  const { tracking, store } = await openTestTracking();
  const { trackingRoutes } = await import("../index.ts");
  const app = fastify();
  recordAudit(app, { tracking });
  await app.register(trackingRoutes(tracking));
  await app.inject({ method: "DELETE", url: "/api/2.0/mlflow-artifacts/artifacts/0/a.txt" });
  expect(await store.read("SELECT user_name, target FROM access_audit")).toEqual([
    { user_name: userInfo().username, target: '{"*":"0/a.txt"}' },
  ]);
});
