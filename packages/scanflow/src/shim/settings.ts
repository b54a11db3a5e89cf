import { readFileSync } from "node:fs";
import type { GatewayAddress } from "./gateway-client.ts";
import type { Claim } from "./protocol.ts";

/** What a shim is told by the variables of its container. */
export interface Settings extends GatewayAddress {
  readonly task: string | null;
  readonly site: Claim["site"];
  /** How long to wait for a gateway that cannot be reached; undefined: ten minutes. */
  readonly patienceMs: number | undefined;
}

/** Reads them; throws a sentence that says which one is missing. */
export function readSettings(env: NodeJS.ProcessEnv, task: string | undefined): Settings {
  const {
    SCANFLOW_GATEWAY: url,
    SCANFLOW_GATEWAY_TOKEN: given,
    SCANFLOW_GATEWAY_TOKEN_FILE: file,
    SCANFLOW_FOLDER: folder = "/scanflow",
    SCANFLOW_ROOT: root = "/app",
    SCANFLOW_GATEWAY_PATIENCE: patience,
  } = env;
  if (!url)
    throw new Error(
      "SCANFLOW_GATEWAY is not set. Give the address of the gateway, such as http://scanflow:7233.",
    );
  const token = given || (file && readFileSync(file, "utf8").trim());
  if (!token) {
    throw new Error(
      "SCANFLOW_GATEWAY_TOKEN is not set. Give the token, or its file in SCANFLOW_GATEWAY_TOKEN_FILE.",
    );
  }
  if (!URL.canParse(url))
    throw new Error(`SCANFLOW_GATEWAY is no URL: ${url}. Give one such as http://scanflow:7233.`);
  if (patience !== undefined && !/^\d{1,7}$/.test(patience)) {
    throw new Error(
      `SCANFLOW_GATEWAY_PATIENCE is no number of seconds: ${patience}. Give one such as 600, or none.`,
    );
  }
  const patienceMs = patience === undefined ? undefined : 1000 * Number(patience);
  return { url, token, task: task ?? null, site: { folder, root }, patienceMs };
}

/** What the command inherits: all but what is the shim's own. */
export function inheritedVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !/^SCANFLOW_(GATEWAY|FOLDER$|ROOT$|ALONE$|WORKS_ON$)/.test(name))
      inherited[name] = value;
  }
  return inherited;
}
