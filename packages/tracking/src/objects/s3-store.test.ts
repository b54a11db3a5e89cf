import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { openObjectStore } from "./index.ts";
import { type S3rver, startS3rver, useS3 } from "./s3rver.support.ts";

let server: S3rver;
beforeAll(async () => {
  server = await startS3rver();
});
afterAll(() => server.close());

async function open(url: string) {
  const store = await openObjectStore(url);
  onTestFinished(() => store.close());
  return store;
}

async function* mebibytes(number: number, fault?: Error): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < number; i++) yield Buffer.alloc(1 << 20, i);
  if (fault) throw fault;
}

/** Answers each request by the next of the answers, the last one for ever. */
async function answering(...answers: { status: number; body?: string; cut?: true }[]): Promise<string[]> {
  const asked: string[] = [];
  const http = createServer((request, response) => {
    request.resume();
    const { status, body = "", cut } = answers[Math.min(asked.length, answers.length - 1)] ?? { status: 500 };
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status, { "content-length": Buffer.byteLength(body) + (cut ? 1000 : 0) });
    if (!cut) return void response.end(body);
    response.write(body, () => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  useS3(`http://127.0.0.1:${(http.address() as { port: number }).port}`, "very-secret");
  return asked;
}

const said = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>very-secret</Message></Error>`;

test("an object that another is writing, however long, is created by that other", async () => {
  const underWay = [{ status: 404 }, { status: 409, body: said("ConditionalRequestConflict") }];
  const asked = await answering(...Array.from({ length: 6 }, () => underWay).flat(), { status: 200 });
  const store = await open("s3://bucket");
  expect(await store.create("key", Buffer.from("mine"))).toBe(false);
  expect(asked.map((line) => line.split(" ")[0])).toEqual([...Array(6).fill(["HEAD", "PUT"]).flat(), "HEAD"]);
});

test.each([
  [403, "AccessDenied", "SCANFLOW_OBJECT_DENIED", "Allow these credentials"],
  [403, "InvalidAccessKeyId", "SCANFLOW_OBJECT_CREDENTIALS", "AWS_ACCESS_KEY_ID"],
  [403, "SignatureDoesNotMatch", "SCANFLOW_OBJECT_CREDENTIALS", "AWS_SECRET_ACCESS_KEY"],
  [404, "NoSuchBucket", "SCANFLOW_OBJECT_BUCKET", "Create the bucket"],
  [400, "AuthorizationHeaderMalformed", "SCANFLOW_OBJECT_REGION", "AWS_REGION"],
  [400, "EntityTooLarge", "SCANFLOW_OBJECT_FAILED", "EntityTooLarge"],
])("the answer %i %s is %s and says what to do, without the secret", async (status, name, code, next) => {
  await answering({ status, body: said(name) });
  const store = await open("s3://bucket/p");
  const trouble = await store.put("k", Buffer.from("x")).catch((error: unknown) => error);
  expect(trouble).toMatchObject({ code, message: expect.stringContaining(next) });
  expect(String(trouble)).not.toContain("very-secret");
  await expect(Array.fromAsync(store.list(""))).rejects.toMatchObject({ code });
});

test("a fault that passes by is tried again, one that stays is told", async () => {
  const passing = await answering({ status: 503, body: said("SlowDown") }, { status: 200 });
  await (await open("s3://bucket")).put("k", Buffer.from("x"));
  expect(passing.length).toBe(2);
  await answering({ status: 500, body: said("InternalError") });
  const store = await open("s3://bucket");
  await expect(store.head("k")).rejects.toMatchObject({ code: "SCANFLOW_OBJECT_UNREACHABLE" });
  useS3("http://127.0.0.1:9");
  const away = await open("s3://bucket");
  await expect(away.get("k")).rejects.toMatchObject({ code: "SCANFLOW_OBJECT_UNREACHABLE" });
});

test("content that S3 stops sending in the middle is an error of the stream", async () => {
  await answering({ status: 200, body: "half", cut: true });
  const found = await (await open("s3://bucket")).get("k");
  await expect(buffer(found?.stream as Readable)).rejects.toMatchObject({
    code: "SCANFLOW_OBJECT_UNREACHABLE",
  });
});

test("a reader that stops early lets go of its connection", async () => {
  const closed = Promise.withResolvers<void>();
  const http = createServer((_, response) => {
    response.once("close", closed.resolve);
    response.writeHead(200, { "content-length": 1e9 });
    response.write(Buffer.alloc(1 << 20));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void http.close());
  useS3(`http://127.0.0.1:${(http.address() as { port: number }).port}`);
  const found = await (await open("s3://bucket")).get("k");
  for await (const chunk of found?.stream ?? []) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  await closed.promise;
});

test("without credentials an error says where to set them", async () => {
  useS3(server.endpoint);
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_CONFIG_FILE", "/nowhere");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
  const store = await open("s3://bucket");
  await expect(store.head("k")).rejects.toMatchObject({
    code: "SCANFLOW_OBJECT_CREDENTIALS",
    message: expect.stringContaining("AWS_ACCESS_KEY_ID"),
  });
});

test("a key that S3 does not know is told", async () => {
  useS3(server.endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "nobody");
  const store = await open("s3://bucket");
  await expect(store.put("k", Buffer.from("x"))).rejects.toMatchObject({
    code: "SCANFLOW_OBJECT_CREDENTIALS",
  });
});

test("an upload of many parts that fails is aborted", async () => {
  useS3(server.endpoint);
  const store = await open("s3://bucket/abort");
  const fault = new Error("the client went away");
  await expect(store.put("k", mebibytes(40, fault))).rejects.toBe(fault);
  const aborted = await server.until(
    ({ method, url }) => method === "DELETE" && url.startsWith("/bucket/abort/k"),
  );
  expect(aborted.url).toContain("uploadId=");
  const [begun, ...rest] = server.asked.filter(({ url }) => url.startsWith("/bucket/abort/k"));
  expect([begun?.method, begun?.url]).toEqual(["POST", expect.stringContaining("uploads")]);
  expect(rest.filter(({ method, url }) => method === "PUT" && url.includes("partNumber")).length).toBe(5);
});

test.each([
  "http://bucket/x",
  "s3://",
  "s3://b",
  "s3://a bucket/x",
  "s3://bucket/x?endpoint=y",
  "s3://bucket/../x",
  "s3://bucket/a//b",
  "bucket",
  "",
])("%j is refused as an address", async (url) => {
  await expect(openObjectStore(url)).rejects.toMatchObject({
    code: expect.stringMatching(/^SCANFLOW_OBJECT_(URL|KEY)$/),
  });
});

test("an address that holds a secret is refused without telling it", async () => {
  const trouble = await openObjectStore("s3://key:hush@bucket/x").catch((error: unknown) => error);
  expect(trouble).toMatchObject({
    code: "SCANFLOW_OBJECT_URL",
    message: expect.stringContaining("AWS_SECRET"),
  });
  expect(String(trouble)).not.toContain("hush");
});

test("where the client of S3 is not installed, an error gives the command that installs it", async () => {
  const hide = `import { registerHooks } from "node:module";
    registerHooks({ resolve: (name, context, next) => next(name.startsWith("@aws-sdk/") ? "hidden-" + name.slice(9) : name, context) });`;
  const index = pathToFileURL(join(import.meta.dirname, "index.ts")).href;
  const script = `import(${JSON.stringify(index)}).then((m) => m.openObjectStore("s3://bucket")).catch((e) => console.log(e.code, e.message))`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    `data:text/javascript,${encodeURIComponent(hide)}`,
    "--eval",
    script,
  ]);
  expect(stdout).toContain("SCANFLOW_OBJECT_CLIENT S3 needs the package");
  expect(stdout).toContain("npm install @aws-sdk/client-s3");
});

test("uploads that were begun long ago are taken back, page by page, and where S3 does not list them, none", async () => {
  const upload = (id: string, initiated: string) =>
    `<Upload><Key>p/incoming/${id}</Key><UploadId>${id}</UploadId><Initiated>${initiated}</Initiated></Upload>`;
  const page = (body: string) => ({
    status: 200,
    body: `<?xml version="1.0"?><ListMultipartUploadsResult>${body}</ListMultipartUploadsResult>`,
  });
  const more = "<IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker>";
  const asked = await answering(
    page(`${more}${upload("old", "2020-01-01T00:00:00Z")}${upload("new", "2020-01-03T00:00:00Z")}`),
    { status: 204 },
    page(upload("older", "2019-01-01T00:00:00Z")),
    { status: 204 },
    { status: 501, body: said("NotImplemented") },
  );
  const store = await open("s3://bucket/p");
  const before = Date.parse("2020-01-02T00:00:00Z");
  expect(await store.abortUploads("incoming/", before)).toBe(2);
  expect(await store.abortUploads("incoming/", before)).toBe(0);
  const removed = asked
    .filter((line) => line.startsWith("DELETE"))
    .map((line) => /uploadId=(\w+)/.exec(line)?.[1]);
  expect(removed).toEqual(["old", "older"]);
  expect(asked[0]).toMatch(/prefix=p%2Fincoming%2F/);
});
