import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { fastify } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { openArtifactStore } from "../artifacts/index.ts";
import { openTracking, type Tracking, trackingMigrations, trackingRoutes } from "../index.ts";
import { openStore } from "../store/index.ts";
import { testLocation } from "../store/test-location.support.ts";

const secret = "what lies outside of the root";

/** A server that listens, whose artifacts have a file that is not theirs beside them. */
async function serveBesideSecret() {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-fuzz-"));
  await writeFile(join(folder, "secret.txt"), secret);
  await mkdir(join(folder, "outside"));
  await writeFile(join(folder, "outside", "secret.txt"), secret);
  await symlink(folder, join(folder, "outside", "link"));
  const store = await openStore({ location: await testLocation(), migrations: trackingMigrations });
  const artifacts = await openArtifactStore({ root: join(folder, "artifacts") });
  const tracking = await openTracking({ store, artifacts });
  const app = fastify();
  await app.register(trackingRoutes(tracking));
  await app.listen({ host: "127.0.0.1", port: 0 });
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  onTestFinished(async () => {
    agent.destroy();
    await app.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { port } = app.server.address() as { port: number };
  return { folder, tracking, ask: (one: Asked) => ask(one, { port, agent }) };
}

interface Asked {
  readonly method: string;
  /** As it goes over the wire: nothing is made plain before. */
  readonly path: string;
  readonly body?: string;
  readonly type?: string | undefined;
}

function ask({ method, path, body, type }: Asked, where: { port: number; agent: Agent }) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = { ...(type === undefined ? {} : { "content-type": type }) };
    const sent = request({ host: "127.0.0.1", ...where, method, path, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const part = fc.oneof(
  fc.constantFrom(
    ..."a m known 0 artifacts .. . ... ~ * %20 + ; %2e%2e %2E%2e %252e%252e %25252e%25252e ..%2f ..%5c %2f %5c %00 %zz % %23".split(
      " ",
    ),
    ..."%c0%ae%c0%ae %ef%bc%8e%ef%bc%8e %E2%80%AE C: file: file:%2f%2f%2fetc secret.txt outside link etc passwd __proto__ con".split(
      " ",
    ),
    "a".repeat(255),
    "b".repeat(300),
    encodeURIComponent("日本/é"),
  ),
  fc.string({ unit: "binary", maxLength: 6 }).map((text) => encodeURIComponent(text.toWellFormed())),
);
const path = fc
  .tuple(fc.constantFrom("", "/", "//", "..%2f", "../", "%2f"), fc.array(part, { maxLength: 6 }))
  .map(([start, parts]) => start + parts.join("/"));
const proxy = "/api/2.0/mlflow-artifacts";
const mlflow = "/ajax-api/2.0/mlflow";
const places: readonly ((path: string) => [method: string, path: string])[] = [
  (at) => ["GET", `${proxy}/artifacts/${at}`],
  (at) => ["PUT", `${proxy}/artifacts/${at}`],
  (at) => ["DELETE", `${proxy}/artifacts/${at}`],
  (at) => ["HEAD", `${proxy}/artifacts/${at}`],
  (at) => ["GET", `${proxy}/artifacts?path=${at}`],
  (at) => ["POST", `${proxy}/mpu/create/${at}`],
  (at) => ["POST", `${proxy}/mpu/complete/${at}`],
  (at) => ["POST", `${proxy}/mpu/abort/${at}`],
  (at) => ["PUT", `${proxy}/mpu/part/${at}`],
  (at) => ["GET", `/get-artifact?run_id=known&path=${at}`],
  (at) => ["GET", `/model-versions/get-artifact?name=m&version=1&path=${at}`],
  (at) => ["GET", `${mlflow}/artifacts/list?run_id=known&path=${at}`],
  (at) => ["GET", `${mlflow}/logged-models/${at}/artifacts/files?artifact_file_path=${at}`],
  (at) => ["GET", `${mlflow}/logged-models/known/artifacts/directories?artifact_directory_path=${at}`],
  (at) => ["GET", `/${at}`],
];
const asked: fc.Arbitrary<Asked> = fc
  .record({
    place: fc.constantFrom(...places),
    at: path,
    body: fc.constantFrom(
      "",
      "x",
      "{}",
      '{"path":"../../secret.txt","num_parts":1}',
      '{"path":"a","num_parts":1e9}',
      "{",
    ),
    type: fc.constantFrom(undefined, "application/json", "text/html", "multipart/form-data; boundary=x", "%"),
  })
  .map(({ place, at, body, type }) => {
    const [method, where] = place(at);
    const carries = method === "PUT" || method === "POST";
    return { method, path: where, type, ...(carries ? { body } : {}) };
  });

async function populate(tracking: Tracking): Promise<void> {
  await tracking.startRuns([{ runId: "known", experimentId: "0", name: "known", startTime: 1 }]);
  const digest = `sha256:${"0".repeat(64)}`;
  await tracking.registerVersion({ name: "m", runId: "known", source: "model", digest });
}

test("whatever path a file is asked for at, it is one of the tracker's, and the answer a 2xx or 4xx", async () => {
  const { folder, tracking, ask: askServer } = await serveBesideSecret();
  await populate(tracking);
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(asked, async (one) => {
      const { status, text } = await askServer(one);
      seen.add(status);
      expect([one, status, text]).toEqual([
        one,
        expect.toSatisfy(isFine),
        expect.not.stringContaining(secret),
      ]);
      if (status < 400 || one.method === "HEAD") return;
      // What Fastify refuses before any route has a code of its own, and none where no route is near.
      const { error_code: named, code, error } = JSON.parse(text);
      expect([one, named ?? code ?? error]).toEqual([one, expect.stringMatching(/^[A-Z_]+$|^Not Found$/)]);
    }),
    { numRuns: 2500 },
  );
  expect([...seen]).toEqual(expect.arrayContaining([200, 400, 404]));
  const beside = (await readdir(folder)).toSorted();
  expect(beside).toEqual(["artifacts", "outside", "secret.txt"]);
  expect(await readdir(join(folder, "outside"))).toEqual(["link", "secret.txt"]);
  expect(await readFile(join(folder, "secret.txt"), "utf8")).toBe(secret);
  expect(await askServer({ method: "GET", path: "/health" })).toEqual({ status: 200, text: "OK" });
});

function isFine(status: number): boolean {
  return status >= 200 && status < 500;
}
