import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { follow, type Running } from "./cli.test.support.ts";

const bin = fileURLToPath(new URL("../packages/scanflow/bin/scanflow.js", import.meta.url));

/** A test that needs `script` of util-linux; without it, the test is passed over, but not in CI. */
export const testOnTerminal = test.skipIf(!hasScript());

function hasScript(): boolean {
  if (spawnSync("script", ["--version"]).status === 0) return true;
  if (process.env.CI === "true") throw new Error("script is not installed: apt-get install bsdutils");
  return false;
}

/** Starts `scanflow` in a folder, on a terminal of its own, of a size such as `rows 24 cols 80`. */
export function inTerminal(folder: string, size: string, args: string): Running {
  const command = `stty ${size}; exec '${process.execPath}' '${bin}' ${args}`;
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const env = { ...inherited, TERM: "xterm" };
  return follow(spawn("script", ["-qec", command, "/dev/null"], { cwd: folder, env }));
}
