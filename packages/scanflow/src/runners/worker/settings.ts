import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { writeWhole } from "../../write-whole.ts";
import type { DoorOptions } from "../gateway.ts";

/** Where workers claim, and with which token. */
export interface WorkerSettings {
  readonly door: Required<Pick<DoorOptions, "host" | "port" | "workerToken">>;
  /** How long to wait, at the end of a run, for workers that have not heard of it. */
  readonly patienceMs: number;
  /** Whether workers are sent the application's files, since they have them not. */
  readonly sendsFiles: boolean;
}

const option = "The address of --gateway (or SCANFLOW_GATEWAY)";

/**
 * What the environment says: SCANFLOW_GATEWAY (`host:port`; 127.0.0.1 and any free port by default), the token in
 * SCANFLOW_GATEWAY_TOKEN, or in the file of SCANFLOW_GATEWAY_TOKEN_FILE, which is made where it is not there, and
 * SCANFLOW_GATEWAY_PATIENCE (seconds; 30), and whether workers are sent the application's files (SCANFLOW_GATEWAY_FILES:
 * send, or have, the default). Errors: SCANFLOW_GATEWAY_ADDRESS, SCANFLOW_GATEWAY_TOKEN.
 */
export function readWorkerSettings(env: NodeJS.ProcessEnv): WorkerSettings {
  const { SCANFLOW_GATEWAY: address = "127.0.0.1:0", SCANFLOW_GATEWAY_PATIENCE: patience = "30" } = env;
  const [, host = "", port = "0"] =
    /^(?:http:\/\/)?(\[[\da-f:]+\]|[^:/\s]+)(?::(\d{1,5}))?\/?$/i.exec(address) ?? [];
  if (host === "" || Number(port) > 65_535) {
    throw new ScanflowError(
      "SCANFLOW_GATEWAY_ADDRESS",
      `${option} is "${address}", which is no address to listen on. Give it HOST:PORT, such as 127.0.0.1:7233.`,
    );
  }
  if (!/^\d{1,7}$/.test(patience)) {
    throw new ScanflowError(
      "SCANFLOW_GATEWAY_ADDRESS",
      `The patience in SCANFLOW_GATEWAY_PATIENCE is "${patience}", which is no number of seconds. Give one such as 30.`,
    );
  }
  const files = env.SCANFLOW_GATEWAY_FILES || "have";
  if (files !== "have" && files !== "send") {
    throw new ScanflowError(
      "SCANFLOW_GATEWAY_ADDRESS",
      `SCANFLOW_GATEWAY_FILES is "${files}". Give it "send" where workers have to be sent the application's files, and "have" where they have them.`,
    );
  }
  const door = { host: host.replace(/^\[|\]$/g, ""), port: Number(port), workerToken: tokenOf(env) };
  return { door, patienceMs: 1000 * Number(patience), sendsFiles: files === "send" };
}

function tokenOf(env: NodeJS.ProcessEnv): string {
  const { SCANFLOW_GATEWAY_TOKEN: given, SCANFLOW_GATEWAY_TOKEN_FILE: file } = env;
  const token = given || (file ? tokenIn(file) : "");
  if (/^[\w.~+/-]{16,512}=*$/.test(token)) return token;
  const where = given ? "SCANFLOW_GATEWAY_TOKEN" : (file ?? "");
  const what = token === "" ? "There is no token for workers" : `The token in ${where} cannot be used`;
  throw new ScanflowError(
    "SCANFLOW_GATEWAY_TOKEN",
    `${what}: it takes 16 to 512 letters, digits and . _ ~ + / -. Set SCANFLOW_GATEWAY_TOKEN here and for the workers (openssl rand -hex 32), or name a file for it in SCANFLOW_GATEWAY_TOKEN_FILE, which is made.`,
  );
}

/** The file is for all containers that share its volume, whoever they run as, and for nobody else. */
function tokenIn(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o444 });
  }
  return readFileSync(file, "utf8").trim();
}
