import fc from "fast-check";
import { expect, test } from "vitest";
import { openTestServer } from "../test-server.support.ts";

const piece = fc.constantFrom(
  ..."a b.txt known .. . %2e%2e %252e%252e %2f %5c \\ # %23 ? %00 %0a %ff %c0%ae %e2%80%a8 : C: ~ * é 🏃 %F0%9F%8F%83".split(
    " ",
  ),
  "x".repeat(300),
  " ",
  "",
);
const path = fc
  .array(piece, { maxLength: 6 })
  .chain((parts) => fc.constantFrom("/", "//", "%2f", "").map((separator) => parts.join(separator)));
const header = fc.constantFrom(
  "bytes=0-",
  "bytes=5-1",
  "bytes=-5",
  "bytes=99999999999999999999-",
  "bytes=0-0,1-1",
  "x",
  "",
);
const request = fc.record({
  method: fc.constantFrom(
    "GET" as const,
    "HEAD" as const,
    "PUT" as const,
    "DELETE" as const,
    "POST" as const,
  ),
  prefix: fc.constantFrom(
    "artifacts/",
    "artifacts?path=",
    "mpu/create/",
    "mpu/complete/",
    "mpu/abort/",
    "mpu/part/known/",
    "",
  ),
  path,
  range: header,
  json: fc.oneof(
    fc.json(),
    fc.constantFrom("", "{", "[]", '{"path":"a","num_parts":1}', '{"path":"..","num_parts":2}'),
  ),
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there.
const outside = /^\/|\/$|\/\/|(^|\/)\.\.?(\/|$)|[\\#\u0000-\u001f]/;

test("whatever is asked of artifacts, the answer is no 5xx, and no path leaves its root", async () => {
  const { app, store } = await openTestServer();
  const seen = new Set<number>();
  const kept = new Set<string>();
  // A request may as well remove all that others stored: what is kept is looked at after each that stores.
  const look = async () => {
    const rows = await store.read<{ path: string }>(
      "SELECT path FROM tracking_artifacts UNION SELECT path FROM tracking_uploads",
    );
    for (const row of rows) kept.add(row.path);
  };
  await app.inject({ method: "PUT", url: "/api/2.0/mlflow-artifacts/artifacts/known", payload: "content" });
  await fc.assert(
    fc.asyncProperty(request, async ({ method, prefix, path, range, json }) => {
      const { statusCode } = await app.inject({
        method,
        url: `/api/2.0/mlflow-artifacts/${prefix}${path}`,
        headers: { range, "content-type": method === "POST" ? "application/json" : "text/plain" },
        ...(method === "POST" || method === "PUT" ? { payload: json } : {}),
      });
      expect(statusCode).toBeLessThan(500);
      seen.add(statusCode);
      if (statusCode === 200 && (method === "PUT" || method === "POST")) await look();
    }),
    { numRuns: 2000 },
  );
  await look();
  expect([...seen]).toEqual(expect.arrayContaining([200, 400, 404]));
  expect(kept.size).toBeGreaterThan(1);
  expect([...kept].filter((path) => outside.test(path))).toEqual([]);
});
