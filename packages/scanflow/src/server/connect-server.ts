import { ScanflowError } from "@scanflow/core";
import { httpClient } from "../api/index.ts";
import type { Connection } from "./connect.ts";

export interface ServerPlace {
  /** Such as `http://scanflow:8000`. */
  readonly url: string;
  /** The token that the server was started with. */
  readonly token: string;
}

/** Reaches an owner elsewhere, which `scanflow up` started. Errors: SCANFLOW_SERVER_ADDRESS, SCANFLOW_OWNER_UNREACHABLE. */
export async function connectServer({ url, token }: ServerPlace): Promise<Connection> {
  const place = URL.parse(url);
  if (!place || !/^https?:$/.test(place.protocol)) {
    throw new ScanflowError(
      "SCANFLOW_SERVER_ADDRESS",
      `"${url}" is no address of a server. Give --server (or SCANFLOW_SERVER) one such as http://scanflow:8000.`,
    );
  }
  if (token === "") {
    throw new ScanflowError(
      "SCANFLOW_SERVER_ADDRESS",
      `No token for the server at ${place.origin} was given. Set SCANFLOW_SERVER_TOKEN to the one that it was started with.`,
    );
  }
  const client = httpClient({ url: place.href.replace(/\/+$/, ""), token });
  const { pid } = await client.health.show({}, { signal: AbortSignal.timeout(patienceMs) }).catch((cause) => {
    if (cause instanceof Error && "code" in cause && String(cause.code).startsWith("SCANFLOW_")) throw cause;
    throw new ScanflowError(
      "SCANFLOW_OWNER_UNREACHABLE",
      `The server at ${place.origin} does not answer. See whether "scanflow up" runs there and listens on that address, then try again.`,
      { cause },
    );
  });
  return { client, owner: null, pid, close: async () => {} };
}

const patienceMs = 10_000;
