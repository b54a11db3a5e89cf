import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { openTestServer, type TestServer } from "../test-server.support.ts";

async function listening(): Promise<TestServer & { base: string; files: string }> {
  const server = await openTestServer();
  const base = await server.app.listen({ host: "127.0.0.1", port: 0 });
  return { ...server, base, files: `${base}/api/2.0/mlflow-artifacts/artifacts` };
}

const put = (url: string, body: string) => fetch(url, { method: "PUT", body });

test("a large file goes up and down as a stream, byte for byte, and in parts", async () => {
  const { files } = await listening();
  const chunk = randomBytes(1 << 20);
  const hash = createHash("sha256");
  for (let i = 0; i < 40; i++) hash.update(chunk);
  const source = Readable.from(
    (function* () {
      for (let i = 0; i < 40; i++) yield chunk;
    })(),
  );
  const up = await fetch(`${files}/0/run/artifacts/big.bin`, {
    method: "PUT",
    body: Readable.toWeb(source),
    duplex: "half",
  } as RequestInit);
  expect(up.status).toBe(200);
  const down = await fetch(`${files}/0/run/artifacts/big.bin`);
  const received = createHash("sha256");
  for await (const part of down.body ?? []) received.update(part);
  expect(received.digest("hex")).toBe(hash.digest("hex"));
  expect(down.headers.get("content-length")).toBe(String(40 << 20));
  expect(down.headers.get("x-content-type-options")).toBe("nosniff");
  expect(down.headers.get("content-disposition")).toMatch(/^attachment; filename="big.bin"/);
  const part = await fetch(`${files}/0/run/artifacts/big.bin`, {
    headers: { range: "bytes=1048576-1048579" },
  });
  expect([part.status, part.headers.get("content-range")]).toEqual([
    206,
    `bytes 1048576-1048579/${40 << 20}`,
  ]);
  expect(Buffer.from(await part.arrayBuffer())).toEqual(chunk.subarray(0, 4));
  const tail = await fetch(`${files}/0/run/artifacts/big.bin`, { headers: { range: "bytes=-3" } });
  expect(Buffer.from(await tail.arrayBuffer())).toEqual(chunk.subarray(-3));
});

test("a download tells its digest, its length and its parts as HTTP has it", async () => {
  const { base, files, tracking } = await listening();
  await tracking.startRuns([{ runId: "r", experimentId: "0", name: "r", startTime: 1 }]);
  await put(`${files}/0/r/artifacts/a.txt`, "0123456789");
  const etag = `"sha256:${createHash("sha256").update("0123456789").digest("hex")}"`;
  for (const url of [`${files}/0/r/artifacts/a.txt`, `${base}/get-artifact?run_id=r&path=a.txt`]) {
    const ask = async (headers: Record<string, string>, method = "GET") => {
      const response = await fetch(url, { method, headers });
      const shown = ["etag", "content-length", "content-range", "accept-ranges"].map((name) =>
        response.headers.get(name),
      );
      return [response.status, ...shown, await response.text()];
    };
    expect(await ask({})).toEqual([200, etag, "10", null, "bytes", "0123456789"]);
    expect(await ask({}, "HEAD")).toEqual([200, etag, "10", null, "bytes", ""]);
    const part = [206, etag, "3", "bytes 7-9/10", "bytes", "789"];
    expect(await ask({ range: "bytes=7-" })).toEqual(part);
    expect(await ask({ range: "bytes=-3", "if-range": etag })).toEqual(part);
    expect((await ask({ range: "bytes=7-", "if-range": '"sha256:other"' })).slice(0, 3)).toEqual([
      200,
      etag,
      "10",
    ]);
    expect((await ask({ range: "bytes=10-" })).slice(0, 4)).toEqual([
      416,
      null,
      expect.any(String),
      "bytes */10",
    ]);
    expect((await ask({ range: "bytes=0-1,3-4" }))[0]).toBe(200);
    expect((await ask({ "if-none-match": `"x", W/${etag}` }))[0]).toBe(304);
    expect((await ask({ "if-none-match": '"x"' }))[0]).toBe(200);
  }
  expect((await fetch(`${files}/0/r/artifacts/none`, { method: "HEAD" })).status).toBe(404);
});

test("what a browser could run is a download without rights, whatever it is called", async () => {
  const { files } = await listening();
  const types = {
    "page.html": "text/html; charset=utf-8",
    "drawing.SVG": "image/svg+xml",
    "script.js": "text/plain; charset=utf-8",
    "style.css": "application/octet-stream",
    "plot.png": "image/png",
    MLmodel: "text/plain; charset=utf-8",
    constructor: "application/octet-stream",
  };
  for (const [name, type] of Object.entries(types)) {
    await put(`${files}/0/${name}`, "<script>alert(1)</script>");
    const { headers } = await fetch(`${files}/0/${name}`);
    expect([
      name,
      headers.get("content-type"),
      headers.get("x-content-type-options"),
      headers.get("content-security-policy"),
      headers.get("content-disposition"),
    ]).toEqual([name, type, "nosniff", "default-src 'none'; sandbox", expect.stringMatching(/^attachment;/)]);
  }
});

test("an upload that breaks off leaves no artifact", async () => {
  const { app, base, files, store } = await listening();
  const serverSide = once(app.server, "connection");
  const socket = connect(Number(new URL(base).port), "127.0.0.1");
  const [accepted] = (await serverSide) as [Socket];
  const asked = once(app.server, "request");
  socket.write(
    "PUT /api/2.0/mlflow-artifacts/artifacts/half.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nhalf",
  );
  await asked;
  socket.destroy();
  if (!accepted.closed) await new Promise((resolve) => accepted.once("close", resolve));
  expect((await put(`${files}/whole.txt`, "whole")).status).toBe(200);
  expect(await store.read("SELECT path FROM tracking_artifacts")).toEqual([{ path: "whole.txt" }]);
});

test("files are listed by folder, replaced, and deleted with what is below", async () => {
  const { files } = await listening();
  for (const path of ["a/one.txt", "a/b/two.txt", "a/b/c/three.txt", "ab.txt"]) {
    expect((await put(`${files}/${path}`, path)).status).toBe(200);
  }
  await put(`${files}/a/one.txt`, "again!");
  const list = async (path: string) => (await fetch(`${files}?path=${encodeURIComponent(path)}`)).json();
  expect(await list("a")).toEqual({
    files: [
      { path: "b", is_dir: true },
      { path: "one.txt", is_dir: false, file_size: 6 },
    ],
  });
  expect((await put(`${files}/a`, "x")).status).toBe(400);
  expect((await put(`${files}/ab.txt/x`, "x")).status).toBe(400);
  expect((await fetch(`${files}/a/b`, { method: "DELETE" })).status).toBe(200);
  expect(await list("a/b")).toEqual({});
  expect((await fetch(`${files}/a/b/two.txt`)).status).toBe(404);
  expect(await (await fetch(`${files}/a/one.txt`)).text()).toBe("again!");
});

test("a folder published as a whole is listed and read like uploaded files, through runs and versions too", async () => {
  const { base, files, tracking, artifacts, get } = await listening();
  const folder = join(artifacts.root, "..", "model");
  await mkdir(join(folder, "data", "empty"), { recursive: true });
  await writeFile(join(folder, "MLmodel"), "flavors: {}");
  await writeFile(join(folder, "data", "weights é.bin"), "123456");
  const { digest, size } = await artifacts.publish(folder);
  await tracking.startRuns([{ runId: "r", experimentId: "0", name: "r", startTime: 1 }]);
  await tracking.addArtifacts("r", [{ path: "out/model", digest, size, kind: "folder" }]);
  await tracking.registerVersion({ name: "m", runId: "r", source: "out/model", digest });
  const listed = async (path: string) => (await get("artifacts/list", { run_id: "r", path })).body.files;
  expect(await listed("")).toEqual([{ path: "out", is_dir: true }]);
  expect(await listed("out")).toEqual([{ path: "out/model", is_dir: true }]);
  expect(await listed("out/model")).toEqual([
    { path: "out/model/MLmodel", is_dir: false, file_size: 11 },
    { path: "out/model/data", is_dir: true },
  ]);
  expect(await listed("out/model/data")).toEqual([
    { path: "out/model/data/empty", is_dir: true },
    { path: "out/model/data/weights é.bin", is_dir: false, file_size: 6 },
  ]);
  const name = encodeURIComponent("weights é.bin");
  for (const url of [
    `${files}/0/r/artifacts/out/model/data/${name}`,
    `${base}/get-artifact?run_id=r&path=out/model/data/${name}`,
    `${base}/model-versions/get-artifact?name=m&version=1&path=data/${name}`,
  ]) {
    expect(await (await fetch(url)).text()).toBe("123456");
  }
  expect((await fetch(`${files}/0/r/artifacts/out/model/data`)).status).toBe(400);
  expect((await fetch(`${files}/0/r/artifacts/out/model/none`)).status).toBe(404);
  expect((await fetch(`${files}/0/r/artifacts/out/model/MLmodel`, { method: "DELETE" })).status).toBe(400);
  await put(`${files}/0/r/artifacts/out/model/extra.txt`, "more");
  expect(await listed("out/model")).toHaveLength(3);
});

const tricks = [
  "..",
  "../x",
  "a/../../x",
  "%2e%2e/x",
  "%252e%252e%252fx",
  "%25252e%25252e/x",
  "/etc/passwd",
  "%2fetc/passwd",
  "C:/x",
  "a%5c..%5cx",
  "file:%2f%2f/etc/passwd",
  "a%23b",
  "a%00b",
  "a%0d%0ab",
  `${"x/".repeat(3000)}y`,
];

test("paths that lead elsewhere are refused wherever a path is taken", async () => {
  const { app, tracking, store } = await openTestServer();
  await tracking.startRuns([{ runId: "r", experimentId: "0", name: "r", startTime: 1 }]);
  for (const path of tricks) {
    for (const [method, url] of [
      ["GET", `/api/2.0/mlflow-artifacts/artifacts?path=${path}`],
      ["GET", `/api/2.0/mlflow-artifacts/artifacts/${path}`],
      ["PUT", `/api/2.0/mlflow-artifacts/artifacts/${path}`],
      ["DELETE", `/api/2.0/mlflow-artifacts/artifacts/${path}`],
      ["GET", `/api/2.0/mlflow/artifacts/list?run_id=r&path=${path}`],
      ["GET", `/get-artifact?run_id=r&path=${path}`],
    ] as const) {
      const { statusCode } = await app.inject({ method, url });
      expect([url, statusCode]).toEqual([
        url,
        expect.toSatisfy((status) => status === 400 || status === 404),
      ]);
    }
  }
  expect(await store.read("SELECT path FROM tracking_artifacts")).toEqual([]);
});
