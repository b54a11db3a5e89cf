import { readFileSync } from "node:fs";

/** The version of the package that runs; `src` and `dist` both lie beside its package.json. */
export const ownVersion: string = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
).version;
