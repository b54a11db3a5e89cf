import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openTestServer } from "../test-server.support.ts";

interface Begun {
  readonly upload_id: string;
  readonly credentials: { url: string; part_number: number; headers: Record<string, string> }[];
}

async function listening() {
  const server = await openTestServer();
  const base = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const proxy = `${base}/api/2.0/mlflow-artifacts`;
  const ask = (action: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${proxy}/mpu/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const begin = async (parts: number, headers?: Record<string, string>) => {
    const response = await ask(
      "create/0/r/artifacts/deep",
      { path: "/home/me/big.bin", num_parts: parts },
      headers,
    );
    return (await response.json()) as Begun;
  };
  const send = async ({ url, part_number, headers }: Begun["credentials"][number], body: string | Buffer) => {
    const response = await fetch(url, { method: "PUT", headers, body: new Uint8Array(Buffer.from(body)) });
    expect(response.status).toBe(200);
    return { part_number, etag: response.headers.get("etag"), url };
  };
  const complete = (upload_id: string, parts: unknown[], folder = "0/r/artifacts/deep") =>
    ask(`complete/${folder}`, { path: "/home/me/big.bin", upload_id, parts });
  return { ...server, proxy, ask, begin, send, complete };
}

test("a token is repeated for each part without what surrounds it, and not without bound", async () => {
  const { app } = await openTestServer();
  const begin = (authorization: string) =>
    app.inject({
      method: "POST",
      url: "/api/2.0/mlflow-artifacts/mpu/create/0",
      headers: { authorization },
      payload: { path: "a.bin", num_parts: 10_000 },
    });
  const { credentials } = (await begin(`Bearer${" ".repeat(10_000)}t`)).json();
  expect(credentials).toHaveLength(10_000);
  expect(credentials[9_999].headers).toEqual({ Authorization: "Bearer t" });
  expect((await begin(`Basic ${"a".repeat(10_000)}`)).json().error_code).toBe("INVALID_PARAMETER_VALUE");
});

test("parts that come in any order, and again, make the file in their order", async () => {
  const { proxy, store, tracking, begin, send, complete } = await listening();
  const { upload_id, credentials } = await begin(3, { authorization: "Bearer t" });
  expect(credentials.map(({ headers }) => headers)).toEqual(Array(3).fill({ Authorization: "Bearer t" }));
  const contents = [randomBytes(3 << 20), Buffer.from("middle"), Buffer.from("")];
  const parts = [];
  for (const at of [2, 0, 1]) {
    await send(credentials[at] as never, "to be replaced");
    parts[at] = await send(credentials[at] as never, contents[at] ?? "");
  }
  const live = await Array.fromAsync(tracking.liveDigests());
  expect(live).toContain(`sha256:${createHash("sha256").update("middle").digest("hex")}`);
  expect((await complete(upload_id, parts)).status).toBe(200);
  const file = await fetch(`${proxy}/artifacts/0/r/artifacts/deep/big.bin`);
  expect(Buffer.concat(contents).equals(Buffer.from(await file.arrayBuffer()))).toBe(true);
  expect(await store.read("SELECT * FROM tracking_uploads")).toEqual([]);
  expect(await store.read("SELECT * FROM tracking_upload_parts")).toEqual([]);
  expect((await complete(upload_id, parts)).status).toBe(404);
});

test("an upload is refused whose parts are missing, out of order, others, or of another place", async () => {
  const { begin, send, complete, store } = await listening();
  const { upload_id, credentials } = await begin(2);
  const first = await send(credentials[0] as never, "first");
  expect((await complete(upload_id, [first])).status).toBe(400);
  const second = await send(credentials[1] as never, "second");
  expect((await complete(upload_id, [second, first])).status).toBe(400);
  expect((await complete(upload_id, [first, { ...second, etag: first.etag }])).status).toBe(400);
  expect((await complete(upload_id, [first, { part_number: "x" }])).status).toBe(400);
  expect((await complete(upload_id, [first, second], "0/other")).status).toBe(404);
  expect((await complete(randomBytes(16).toString("hex"), [first, second])).status).toBe(404);
  expect(await store.read("SELECT path FROM tracking_artifacts")).toEqual([]);
  expect((await complete(upload_id, [first, second])).status).toBe(200);
});

test("an upload that is given up takes no part and no end any more", async () => {
  const { ask, begin, send, complete, store, passMs } = await listening();
  const { upload_id, credentials } = await begin(1);
  const [credential] = credentials;
  const part = await send(credential as never, "x");
  const abort = () => ask("abort/0/r/artifacts/deep", { path: "big.bin", upload_id });
  expect([(await abort()).status, (await abort()).status]).toEqual([200, 200]);
  expect((await fetch(credential?.url ?? "", { method: "PUT", body: "x" })).status).toBe(404);
  expect((await complete(upload_id, [part])).status).toBe(404);
  await begin(1);
  passMs(8 * 24 * 3_600_000);
  const { upload_id: latest } = await begin(1);
  expect(await store.read("SELECT id FROM tracking_uploads")).toEqual([{ id: latest }]);
});

test("paths that lead elsewhere, and numbers that no part has, are refused", async () => {
  const { proxy, ask, begin, store } = await listening();
  for (const folder of ["..%2f..", "%252e%252e", "a%5cb", "%2fetc", "a%23", "a%00b"]) {
    expect([folder, (await ask(`create/${folder}`, { path: "x", num_parts: 1 })).status]).toEqual([
      folder,
      400,
    ]);
  }
  for (const path of ["..", "a/..", "a\\..", "x#", "", "a/"]) {
    expect([path, (await ask("create/0/r", { path, num_parts: 1 })).status]).toEqual([path, 400]);
  }
  for (const num_parts of [0, -1, 1.5, 10_001, "x", null]) {
    expect([num_parts, (await ask("create/0/r", { path: "x", num_parts })).status]).toEqual([num_parts, 400]);
  }
  expect(await store.read("SELECT * FROM tracking_uploads")).toEqual([]);
  const { upload_id } = await begin(2);
  for (const part of ["0", "3", "1e0", "-1", "99999999999"]) {
    const { status } = await fetch(`${proxy}/mpu/part/${upload_id}/${part}`, { method: "PUT", body: "x" });
    expect([part, status]).toEqual([part, 400]);
  }
});

test("parts are to be sent where a proxy says that it is", async () => {
  const { begin } = await listening();
  const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "ml.example.org" };
  const { credentials } = await begin(1, headers);
  expect(credentials[0]?.url).toMatch(
    /^https:\/\/ml\.example\.org\/api\/2\.0\/mlflow-artifacts\/mpu\/part\/\w+\/1$/,
  );
  const hostile = await begin(1, { "x-forwarded-proto": "javascript", "x-forwarded-host": "a/b@c" });
  expect(hostile.credentials[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
});
