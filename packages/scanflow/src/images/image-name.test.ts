import { expect, test } from "vitest";
import { readImageName, readRegistry, refIn, slug } from "./image-name.ts";

test("a name is taken apart as Docker does", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  expect(readImageName(`localhost:5000/team/a_b:v1@${digest}`, "x")).toEqual({
    repository: "localhost:5000/team/a_b",
    tag: "v1",
    digest,
  });
  expect(readImageName("python", "x")).toEqual({ repository: "python", tag: null, digest: null });
  for (const wrong of [
    "",
    "Python",
    "a b",
    "a:",
    "a/",
    "https://a/b",
    "a@sha256:1",
    "a;rm",
    `${"a".repeat(256)}`,
  ]) {
    expect(() => readImageName(wrong, "x"), wrong).toThrow(/is no name of one/);
  }
});

test("a registry is a place without a scheme; a plain name is one of Docker Hub", () => {
  expect(["localhost:5000", "ghcr.io/team/", "team", "[::1]:5000/a"].map(readRegistry)).toEqual([
    "localhost:5000",
    "ghcr.io/team",
    "docker.io/team",
    "[::1]:5000/a",
  ]);
  for (const wrong of ["https://ghcr.io", "a b", "", "ghcr.io/Team"]) {
    expect(() => readRegistry(wrong), wrong).toThrow(/is no place that images can be pushed to/);
  }
});

test("only what is built here gets the registry before its name", () => {
  expect(refIn("r.lan/x", { kind: "build", ref: "scanflow/a:1" })).toBe("r.lan/x/scanflow/a:1");
  expect(refIn("r.lan/x", { kind: "given", ref: "python:3" })).toBe("python:3");
  expect(refIn(undefined, { kind: "build", ref: "scanflow/a:1" })).toBe("scanflow/a:1");
});

test("any name becomes one that a repository may have", () => {
  expect(["Dígits & co", "__x__", "数字", `${"ab-".repeat(40)}`].map(slug)).toEqual([
    "digits-co",
    "x",
    "app",
    `${"ab-".repeat(19)}ab`,
  ]);
});
