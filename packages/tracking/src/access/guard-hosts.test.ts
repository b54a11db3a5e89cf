import { fastify } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { guardHosts } from "./guard-hosts.ts";

async function statusOf(
  hosts: string[],
  { method = "POST", ...headers }: { method?: "GET" | "POST"; host: string; origin?: string },
): Promise<number> {
  const app = fastify();
  onTestFinished(() => app.close());
  guardHosts(app, hosts);
  app.route({ method: ["GET", "POST"], url: "/", handler: async () => "ok" });
  return (await app.inject({ method, url: "/", headers })).statusCode;
}

test.each([
  ["localhost", 200],
  ["LOCALHOST:5000", 200],
  ["127.0.0.1:5000", 200],
  ["127.9.9.9", 200],
  ["[::1]:5000", 200],
  ["evil.example", 403],
  ["localhost.evil.example", 403],
  ["127.0.0.1.evil.example:5000", 403],
  ["evil.example#localhost", 403],
])("on loopback a request to the host %j is answered with %i", async (host, status) => {
  expect(await statusOf([], { host })).toBe(status);
});

test("other names are let in by themselves, with any port or one", async () => {
  expect(await statusOf(["ml.example.org"], { host: "ML.example.org:5000" })).toBe(200);
  expect(await statusOf(["ml.example.org:5000"], { host: "ml.example.org:5000" })).toBe(200);
  expect(await statusOf(["ml.example.org:5000"], { host: "ml.example.org:80" })).toBe(403);
  expect(await statusOf(["ml.example.org"], { host: "x.ml.example.org" })).toBe(403);
  expect(await statusOf(["*"], { host: "anything" })).toBe(200);
});

test("pages of another origin may read what a browser lets them, and change nothing", async () => {
  const host = "127.0.0.1:5000";
  expect(await statusOf([], { host, origin: "http://127.0.0.1:5000" })).toBe(200);
  expect(await statusOf(["ml.example"], { host: "ml.example", origin: "https://ml.example" })).toBe(200);
  for (const origin of ["http://evil.example", "http://127.0.0.1:3000", "null", ""]) {
    expect([origin, await statusOf([], { host, origin })]).toEqual([origin, 403]);
    expect(await statusOf([], { method: "GET", host, origin })).toBe(200);
  }
});
