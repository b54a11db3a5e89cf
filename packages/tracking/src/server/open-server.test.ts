import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openTrackingServer, type TrackingServer, type TrackingServerOptions, withAccess } from "./index.ts";

const api = "/api/2.0/mlflow";

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-server-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function open(folder: string, options: Partial<TrackingServerOptions> = {}): Promise<TrackingServer> {
  const server = await openTrackingServer({
    store: "sqlite:///t.db",
    artifacts: "files",
    port: 0,
    folder,
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

function post(url: string, path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${url}${api}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

test("a server answers the protocol, says it is ready, and finds what was stored after a restart", async () => {
  const folder = await newFolder();
  const first = await open(folder);
  expect(await (await fetch(`${first.url}/ready`)).text()).toBe("OK");
  expect((await post(first.url, "experiments/create", { name: "digits" })).status).toBe(200);
  await first.close();
  const second = await open(folder);
  const found = await fetch(`${second.url}${api}/experiments/get-by-name?experiment_name=digits`);
  expect(await found.json()).toMatchObject({ experiment: { name: "digits" } });
});

test("the metrics count requests by route and status, without what clients write", async () => {
  const { url } = await open(await newFolder());
  await post(url, "runs/create", { experiment_id: "0" });
  await post(url, "runs/create", { experiment_id: "77" });
  await fetch(`${url}/made-up-by-a-client`);
  await fetch(`${url}/ajax-api/2.0/mlflow/experiments/get?experiment_id=0`);
  const text = await (await fetch(`${url}/metrics`)).text();
  const counted = (method: string, route: string, status: number) =>
    `request_duration_seconds_count{method="${method}",route="${route}",status="${status}"} 1`;
  expect(text).toContain(counted("POST", `${api}/runs/create`, 200));
  expect(text).toContain(counted("POST", `${api}/runs/create`, 404));
  expect(text).toContain(counted("GET", `${api}/experiments/get`, 200));
  expect(text).toContain(counted("GET", "none", 404));
  expect(text).toContain('scanflow_tracker_runs{lifecycle="active"} 1');
  expect(text).toContain("scanflow_tracker_store_queue ");
  expect(text).toContain("process_resident_memory_bytes ");
  expect(text).not.toContain("made-up");
});

test("a second server on the same database is refused, and let in when the first has ended", async () => {
  const folder = await newFolder();
  const first = await open(folder);
  await expect(open(folder)).rejects.toMatchObject({ code: "SCANFLOW_STORE_IN_USE" });
  await first.close();
  await open(folder);
});

test.each([
  ["another host", { host: "0.0.0.0" }, "SCANFLOW_LISTEN_EXPOSED"],
  ["every address of version 6", { host: "::" }, "SCANFLOW_LISTEN_EXPOSED"],
  ["a store that is no URL", { store: "t.db" }, "SCANFLOW_LOCATION_INVALID"],
  ["a store of an unknown kind", { store: "mysql://host/db" }, "SCANFLOW_LOCATION_INVALID"],
  ["a store without a file", { store: "sqlite:///" }, "SCANFLOW_LOCATION_INVALID"],
  ["a store below a file", { store: "sqlite:///plain/t.db" }, "SCANFLOW_STORE_OPEN"],
  ["a store that is another file", { store: "sqlite:///plain" }, "SCANFLOW_STORE_OPEN"],
  ["artifacts below a file", { artifacts: "plain/files" }, "SCANFLOW_STORAGE_FAILED"],
])("%s is refused, and nothing stays locked", async (_, options, code) => {
  const folder = await newFolder();
  await writeFile(join(folder, "plain"), "no database\n".repeat(200));
  await expect(open(folder, options)).rejects.toMatchObject({ code });
  await open(folder);
});

test("where others can reach it, a server listens only with users, and asks each for a token", async () => {
  const folder = await newFolder();
  await expect(open(folder, { host: "0.0.0.0" })).rejects.toMatchObject({ code: "SCANFLOW_LISTEN_EXPOSED" });
  const { token } = await withAccess({ store: "sqlite:///t.db", folder }, async (access) => {
    await access.addUser({ name: "mira", role: "viewer" });
    return access.addToken({ user: "mira" });
  });
  const { url, users } = await open(folder, { host: "0.0.0.0" });
  expect(users).toBe(true);
  const path = `${url.replace("0.0.0.0", "127.0.0.1")}${api}/experiments/get?experiment_id=0`;
  expect((await fetch(path)).status).toBe(401);
  expect((await fetch(path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
});

test("strange hosts and pages of other origins are refused, unless the host is allowed", async () => {
  const { url } = await open(await newFolder(), { allowedHosts: ["ml.example"] });
  const status = (method: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port } = new URL(url);
      const asking = request({ hostname, port, path: "/health", method, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asking.on("error", reject).end();
    });
  expect(await status("GET", {})).toBe(200);
  expect(await status("GET", { host: "ml.example" })).toBe(200);
  expect(await status("GET", { host: "evil.example" })).toBe(403);
  expect(await status("DELETE", { origin: "http://evil.example" })).toBe(403);
  expect(await status("DELETE", {})).toBe(404);
});

/** A server with an admin; `audit` gives what was put down. */
async function openWithAda() {
  const folder = await newFolder();
  const { token } = await withAccess({ store: "sqlite:///t.db", folder }, async (access) => {
    await access.addUser({ name: "ada", role: "admin" });
    return access.addToken({ user: "ada" });
  });
  const { url } = await open(folder);
  const headers = { authorization: `Bearer ${token}` };
  const audit = async () => (await fetch(`${url}/api/2.0/scanflow/audit`, { headers })).json();
  return { url, token, headers, audit };
}

test("with users, what they change is put down for admins", async () => {
  const { url, headers, audit } = await openWithAda();
  const body = JSON.stringify({ name: "digits" });
  const ofJson = { ...headers, "content-type": "application/json" };
  await fetch(`${url}${api}/experiments/create`, { method: "POST", headers: ofJson, body });
  expect(await audit()).toMatchObject({
    entries: [{ user: "ada", target: { name: "digits" }, status: 200 }],
  });
});

test("what somebody changed who hung up before the answer is put down, too", async () => {
  const { url, token, audit } = await openWithAda();
  const socket = connect(Number(new URL(url).port), "127.0.0.1").on("error", () => {});
  const file = "0/run/artifacts/model.bin";
  const head = `DELETE /api/2.0/mlflow-artifacts/artifacts/${file} HTTP/1.1\r\nHost: localhost\r\n`;
  // What follows is no HTTP: the server ends the connection while it works on the request before.
  socket.write(`${head}Authorization: Bearer ${token}\r\n\r\n\0\0\0`);
  await expect.poll(audit).toMatchObject({
    entries: [{ user: "ada", address: "127.0.0.1", target: { "*": file }, status: 200 }],
  });
});

test("what is no route and no URL is refused in the protocol's form", async () => {
  const { url } = await open(await newFolder());
  const said = async (path: string) => {
    const response = await fetch(`${url}${path}`);
    return [response.status, ((await response.json()) as { error_code: string }).error_code];
  };
  expect(await said("/nothing")).toEqual([404, "ENDPOINT_NOT_FOUND"]);
  expect(await said(`/${api.slice(1)}//runs/get`)).toEqual([404, "ENDPOINT_NOT_FOUND"]);
  expect(await said(`${api}/logged-models/%zz`)).toEqual([400, "BAD_REQUEST"]);
});

test("a port that is taken is refused by name", async () => {
  const { url } = await open(await newFolder());
  const port = Number(new URL(url).port);
  await expect(open(await newFolder(), { port })).rejects.toMatchObject({
    code: "SCANFLOW_LISTEN_PORT",
    message: expect.stringContaining(String(port)),
  });
});

test("a server that ends says first that it is not ready, and answers on for the time that was asked", async () => {
  const { url, close } = await open(await newFolder(), { drainMs: 4000 });
  const closed = close();
  const ready = await fetch(`${url}/ready`);
  expect([ready.status, await ready.text()]).toEqual([503, "The server is about to end."]);
  expect(ready.headers.get("connection")).toBe("close");
  expect((await post(url, "experiments/create", { name: "late" })).status).toBe(200);
  await closed;
  await expect(fetch(`${url}/health`)).rejects.toThrow();
});

test("closing lets an upload under way end, and closes the connection behind it", async () => {
  const { url, close } = await open(await newFolder());
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  const upload = "PUT /api/2.0/mlflow-artifacts/artifacts/a.txt HTTP/1.1\r\nHost: localhost\r\n";
  socket.write(`${upload}Expect: 100-continue\r\nContent-Length: 4\r\n\r\n`);
  await new Promise<void>((resolve) => socket.once("data", () => resolve()));
  const closed = close();
  socket.write("done");
  await ended;
  await closed;
  expect(answer).toContain("HTTP/1.1 200 OK");
  expect(answer.toLowerCase()).toContain("connection: close");
});

test("closing breaks off what has not ended in time", async () => {
  const { url, close } = await open(await newFolder(), { patienceMs: 1 });
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.on("error", () => {});
  const upload = "PUT /api/2.0/mlflow-artifacts/artifacts/a.txt HTTP/1.1\r\nHost: localhost\r\n";
  socket.write(`${upload}Expect: 100-continue\r\nContent-Length: 4\r\n\r\n`);
  await new Promise<void>((resolve) => socket.once("data", () => resolve()));
  await close();
  await ended;
});

test("in a network that is trusted it listens without users, under the names that were given", async () => {
  const server = await open(await newFolder(), {
    host: "0.0.0.0",
    trustNetwork: true,
    allowedHosts: ["tracker"],
  });
  const { port } = new URL(server.url);
  const status = async (host: string) => {
    const asking = request({
      host: "127.0.0.1",
      port,
      path: "/api/2.0/mlflow/experiments/get?experiment_id=0",
      headers: { host },
    });
    const [response] = (await once(asking.end(), "response")) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  expect([await status(`tracker:${port}`), await status(`127.0.0.1:${port}`)]).toEqual([200, 200]);
  expect(await status("evil.example.org")).toBe(403);
});
