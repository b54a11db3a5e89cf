import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openTrackingServer, withAccess } from "../server/index.ts";
import { temporaryFolder } from "../store/temporary-folder.support.ts";
import { onPostgres, testLocation } from "../store/test-location.support.ts";

async function openServers(count: number) {
  const folder = await temporaryFolder();
  const location = await testLocation({ tracked: true });
  const store = onPostgres ? location : `sqlite:///${location}`;
  const servers = [];
  for (let i = 0; i < count; i++) {
    const artifacts = join(folder, "artifacts");
    const server = await openTrackingServer({ store, artifacts, port: 0 });
    onTestFinished(() => server.close());
    servers.push(server);
  }
  return { store, urls: servers.map(({ url }) => url) };
}

async function statusOf(url: string, path: string, { token, body }: { token?: string; body?: object } = {}) {
  const response = await fetch(`${url}/api/2.0/${path}`, {
    method: body ? "POST" : "GET",
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return response.status;
}

const reading = "mlflow/experiments/get?experiment_id=0";

test("the first user, made while servers run, closes them at once, and they stay closed", async () => {
  const { store, urls } = await openServers(onPostgres ? 2 : 1);
  for (const url of urls) {
    expect(await statusOf(url, reading)).toBe(200);
    expect(await statusOf(url, "mlflow/webhooks")).toBe(200);
    expect(await statusOf(url, reading, { token: "whatever a client has set" })).toBe(200);
  }
  const token = await withAccess({ store }, async (access) => {
    await access.addUser({ name: "ada", role: "admin" });
    return (await access.addToken({ user: "ada" })).token;
  });
  for (const url of urls) {
    const writing = { token, body: { name: url } };
    expect(await statusOf(url, reading)).toBe(401);
    expect(await statusOf(url, "mlflow/experiments/create", { body: { name: url } })).toBe(401);
    expect(await statusOf(url, "scanflow/audit")).toBe(401);
    expect(await statusOf(url, "mlflow/experiments/create", writing)).toBe(200);
  }
  const headers = { authorization: `Bearer ${token}` };
  const audit = await fetch(`${urls[0]}/api/2.0/scanflow/audit`, { headers });
  const { entries } = (await audit.json()) as { entries: { user: string }[] };
  expect(entries.map(({ user }) => user)).toEqual(urls.map(() => "ada"));
  await withAccess({ store }, (access) => access.removeUser("ada", { evenLast: true }));
  for (const url of urls) {
    expect(await statusOf(url, reading, { token })).toBe(401);
    expect(await statusOf(url, reading)).toBe(401);
  }
});

test("a token that is revoked or expires, and a role that is taken, end at once on every server", async () => {
  const { store, urls } = await openServers(onPostgres ? 2 : 1);
  const change = <T>(work: Parameters<typeof withAccess<T>>[1]) => withAccess({ store }, work);
  const { kept, revoked } = await change(async (access) => {
    await access.addUser({ name: "ada", role: "admin" });
    const tokens = [await access.addToken({ user: "ada" }), await access.addToken({ user: "ada" })] as const;
    return { kept: tokens[0].token, revoked: tokens[1] };
  });
  const statuses = (token: string, path = reading) =>
    Promise.all(urls.map((url) => statusOf(url, path, { token })));
  expect(await statuses(revoked.token)).toEqual(urls.map(() => 200));
  await change((access) => access.revokeToken(revoked.id));
  expect(await statuses(revoked.token)).toEqual(urls.map(() => 401));
  expect(await statuses(kept, "scanflow/audit")).toEqual(urls.map(() => 200));
  await change(async (access) => {
    await access.addUser({ name: "bo", role: "admin" });
    await access.setRole({ name: "ada", role: "viewer" });
  });
  expect(await statuses(kept, "scanflow/audit")).toEqual(urls.map(() => 403));
});
