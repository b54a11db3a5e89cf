import { expect, test } from "vitest";
import { openLineageTarget } from "./target.ts";

const target = (given: string | undefined, env: NodeJS.ProcessEnv = {}) =>
  openLineageTarget({ given, env, root: "/app" });

test("nothing is sent unless it is asked for", () => {
  expect(target(undefined)).toBeNull();
  expect(target(undefined, { OPENLINEAGE_URL: "" })).toBeNull();
  expect(target("http://h", { OPENLINEAGE_DISABLED: "true" })).toBeNull();
});

test("the variables of the standard client are understood, and the option stands above them", () => {
  const env = { OPENLINEAGE_URL: "https://h:5000/", OPENLINEAGE_API_KEY: "k" };
  expect(target(undefined, env)).toEqual({ kind: "http", url: "https://h:5000/api/v1/lineage", key: "k" });
  expect(target(undefined, { ...env, OPENLINEAGE_ENDPOINT: "/in" })).toMatchObject({
    url: "https://h:5000/in",
  });
  expect(target("http://other/base", env)).toMatchObject({ url: "http://other/base/api/v1/lineage" });
});

test("a path or a file URL is a file, beside the config unless it is absolute", () => {
  expect(target("events.jsonl")).toEqual({ kind: "file", path: "/app/events.jsonl" });
  expect(target("/tmp/e.jsonl")).toEqual({ kind: "file", path: "/tmp/e.jsonl" });
  expect(target("file:///tmp/e.jsonl")).toEqual({ kind: "file", path: "/tmp/e.jsonl" });
});

test.each(["ftp://h/x", "javascript:alert(1)", "http://", "file://other-host/x"])(
  "%s is refused",
  (given) => {
    expect(() => target(given)).toThrow(expect.objectContaining({ code: "SCANFLOW_OPENLINEAGE_TARGET" }));
  },
);

test("a password in a URL is refused and not repeated", () => {
  expect(() => target("http://ann:secret@h/")).toThrow(/^(?!.*secret).*OPENLINEAGE_API_KEY/);
});
