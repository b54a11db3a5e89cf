import { posix } from "node:path";
import type { Environment } from "@scanflow/core";

/** The files that a Node environment is made from: its package.json and the package-lock.json beside it, which may be missing. */
export function packageFiles({
  package: manifest,
}: Pick<Extract<Environment, { kind: "node" }>, "package">): readonly [string, string] | readonly [] {
  if (manifest === null) return [];
  return [manifest, posix.join(posix.dirname(manifest), "package-lock.json")];
}
