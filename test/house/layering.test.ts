import { expect, test } from "vitest";
import { importsOf, isTest, sources, target } from "./sources.ts";

const PACKAGES = ["core", "tracking", "checks", "scanflow"] as const;

/** Rooms of `packages/scanflow/src` and what each may import besides itself; the root's files are open to all. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  api: [],
  config: ["runners"],
  data: [],
  docker: [],
  inference: [],
  kubernetes: [],
  watch: ["check", "data"],
  check: ["data", "runners", "inference"],
  explain: ["data", "inference"],
  requirements: [],
  images: ["docker", "requirements"],
  runners: ["docker", "images", "kubernetes", "requirements"],
  shim: ["runners"],
  gateway: ["runners", "shim"],
  engine: ["data", "requirements", "runners"],
  deploy: ["images", "runners"],
  catalog: ["api", "engine"],
  upkeep: ["config", "data", "runners", "engine", "catalog"],
  lineage: ["api", "engine"],
  schedule: [],
  up: ["docker", "runners"],
  server: ["api", "config", "data", "runners", "gateway", "engine", "deploy", "catalog", "upkeep", "lineage"],
  cli: [
    "api",
    "check",
    "config",
    "data",
    "docker",
    "images",
    "explain",
    "watch",
    "runners",
    "engine",
    "deploy",
    "catalog",
    "upkeep",
    "lineage",
    "schedule",
    "up",
    "server",
  ],
};

const production = PACKAGES.flatMap((name) => sources(`packages/${name}/src`)).filter(
  ({ path }) => !isTest(path),
);

test("no relative import leaves its package", () => {
  const escapes = sources("packages").flatMap((file) => {
    const [, own] = file.path.split("/");
    return importsOf(file)
      .filter((specifier) => specifier.startsWith(".") && target(file, specifier).split("/")[1] !== own)
      .map((specifier) => `${file.path} imports ${specifier}`);
  });
  expect(escapes).toEqual([]);
});

test("core, tracking and checks import none of ours", () => {
  const wrong = production
    .filter(({ path }) => !path.startsWith("packages/scanflow/"))
    .flatMap((file) =>
      importsOf(file)
        .filter((specifier) => {
          const own = `@scanflow/${file.path.split("/")[1]}`;
          return (
            (specifier.startsWith("@scanflow/") || specifier === "scanflow") && !specifier.startsWith(own)
          );
        })
        .map((specifier) => `${file.path} imports ${specifier}`),
    );
  expect(wrong).toEqual([]);
});

test("inside scanflow imports run one way", () => {
  const wrong = production.flatMap((file) => {
    const [, , , room = "", inner] = file.path.split("/");
    if (!file.path.startsWith("packages/scanflow/src/") || inner === undefined) return [];
    const allowed = MAY_IMPORT[room];
    if (!allowed) return [`${file.path} stands in the unknown room "${room}"`];
    return importsOf(file)
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => target(file, specifier).split("/"))
      .filter(
        ([, , , other = "", below]) => below !== undefined && other !== room && !allowed.includes(other),
      )
      .map((path) => `${file.path} imports ${path.join("/")}`);
  });
  expect(wrong).toEqual([]);
});

test("the api of scanflow has no Node types and imports only zod and core", () => {
  const wrong = production
    .filter(({ path }) => path.startsWith("packages/scanflow/src/api/"))
    .flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !specifier.startsWith("./") && !/^(zod|@scanflow\/core)$/.test(specifier))
        .map((specifier) => `${file.path} imports ${specifier}`),
    );
  expect(wrong).toEqual([]);
});

test("core and checks have no I/O, no clock and no chance", () => {
  const forbidden =
    /\bfrom "node:|\bDate\.now\(|new Date\(\)|Math\.random\(|\bsetTimeout\(|\bsetInterval\(|\bperformance\.now\(|\bprocess\.|\bfetch\(/;
  const wrong = production.flatMap(({ path, text }) => {
    if (!path.startsWith("packages/core/") && !path.startsWith("packages/checks/")) return [];
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    const found = forbidden.exec(code);
    return found ? [`${path}: ${found[0]}`] : [];
  });
  expect(wrong).toEqual([]);
});
