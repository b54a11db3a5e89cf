import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isTest, root, sources } from "./sources.ts";

/** The error codes of one room, each with when it is thrown. */
export interface ErrorTable {
  /** Name of the package, with the room inside it. */
  readonly room: string;
  readonly codes: Readonly<Record<string, string>>;
}

/** Every table of error codes: what an `errors.ts` exports whose keys are all codes. */
export async function errorTables(): Promise<ErrorTable[]> {
  const paths = globSync("packages/*/src/**/errors.ts", { cwd: root }).sort();
  const tables = await Promise.all(
    paths.map(async (path) => {
      const exported: Record<string, unknown> = await import(join(root, path));
      return Object.values(exported)
        .filter(isTable)
        .map((codes) => ({ room: roomOf(path), codes }));
    }),
  );
  return tables.flat();
}

function isTable(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => /^SCANFLOW_[A-Z0-9_]+$/.test(key));
}

function roomOf(path: string): string {
  const [, name = "", , ...inside] = dirname(path).split("/");
  return [name === "scanflow" ? name : `@scanflow/${name}`, ...inside].join("/");
}

/** What sources other than tables and tests name, each with the first place. */
export interface UsedCodes {
  readonly whole: ReadonlyMap<string, string>;
  /** Beginnings of codes whose rest is put in: `SCANFLOW_TIMEOUT_`. */
  readonly beginnings: readonly string[];
}

/** Variables of the environment that are named in quotes, as codes are. */
const VARIABLES = new Set([
  "SCANFLOW_ALONE",
  "SCANFLOW_GATEWAY",
  "SCANFLOW_GATEWAY_PATIENCE",
  "SCANFLOW_GATEWAY_FILES",
  "SCANFLOW_ATTEMPT",
  "SCANFLOW_ATTEND_TOKEN",
  "SCANFLOW_APP",
  "SCANFLOW_DOCKER_SOCKET",
  "SCANFLOW_BASE_NODE",
  "SCANFLOW_BASE_PYTHON",
  "SCANFLOW_KUBERNETES_GATEWAY",
  "SCANFLOW_ON",
  "SCANFLOW_REGISTRY",
  "SCANFLOW_SERVER",
  "SCANFLOW_SERVER_TOKEN",
  "SCANFLOW_STORE",
  "SCANFLOW_TRACKERS",
  "SCANFLOW_ARTIFACTS",
  "SCANFLOW_IMAGES",
  "SCANFLOW_PARAMS",
  "SCANFLOW_SERVER",
  "SCANFLOW_SECRETS",
  "SCANFLOW_STATE_DIR",
  "SCANFLOW_TOKEN",
  "SCANFLOW_ITEM",
  "SCANFLOW_DEVICE_KIND",
  "SCANFLOW_DEBUG",
]);

export function usedCodes(): UsedCodes {
  const whole = new Map<string, string>();
  const beginnings: string[] = [];
  const bin = globSync("packages/*/bin/*.js", { cwd: root }).map((path) => ({
    path,
    text: readFileSync(join(root, path), "utf8"),
  }));
  const files = sources("packages/*/src").filter(({ path }) => !isTest(path) && !path.endsWith("/errors.ts"));
  for (const { path, text } of [...bin, ...files]) {
    const code = text.replaceAll(/^\s*\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    for (const [, name = ""] of code.matchAll(/["'`](SCANFLOW_[A-Z0-9_]*[A-Z0-9])["'`: ]/g)) {
      if (!VARIABLES.has(name) && !whole.has(name)) whole.set(name, path);
    }
    for (const [, name = ""] of code.matchAll(/`(SCANFLOW_[A-Z0-9]+_)\$\{/g)) beginnings.push(name);
    for (const [name = ""] of code.matchAll(/\bSCANFLOW_[A-Z0-9_]*[A-Z0-9](?=: \[?")/g)) {
      if (!VARIABLES.has(name)) whole.set(name, path);
    }
  }
  return { whole, beginnings };
}
