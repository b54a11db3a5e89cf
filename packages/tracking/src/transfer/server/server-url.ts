import querystring from "node:querystring";
import { TransferError } from "../errors.ts";

/** Who asks a server: MLflow's clients read the same from `MLFLOW_TRACKING_USERNAME`, `_PASSWORD` and `_TOKEN`. */
export interface ServerCredentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

export interface ServerAddress {
  /** Without credentials, and without a slash at its end. */
  readonly url: string;
  readonly authorization: string | undefined;
  /** What holds after a failure and what to do next; as an import says it, unless told. */
  readonly goOn?: string;
}

/** A running tracking server to export from. */
export interface TrackerServer {
  readonly url: string;
  readonly credentials?: ServerCredentials | undefined;
}

export function isServer(from: object): from is TrackerServer {
  return "url" in from;
}

/** Errors: SCANFLOW_TRANSFER_SERVER for a URL that is none. */
export function exportAddress({ url, credentials = {} }: TrackerServer): ServerAddress {
  return { ...serverAddress(url, credentials), goOn: "Then export again." };
}

/** Whether a tracker or a source is named by the address of a server, not by a place on this machine. */
export function isServerUrl(text: string): boolean {
  return /^https?:/i.test(text);
}

/**
 * Where a server is and what it is shown. Name and password may stand in the URL, too; as with MLflow's clients, they
 * go before a token. Errors: SCANFLOW_TRANSFER_SERVER for a URL that is none.
 */
export function serverAddress(text: string, { username, password, token }: ServerCredentials): ServerAddress {
  const url = URL.parse(text);
  if (!url || url.hostname === "" || url.search !== "" || url.hash !== "") {
    throw new TransferError(
      "SCANFLOW_TRANSFER_SERVER",
      "The URL is no address of a tracking server. Name what clients take as MLFLOW_TRACKING_URI, such as http://127.0.0.1:5000.",
    );
  }
  const [name, secret] =
    url.username === ""
      ? [username, password]
      : [url.username, url.password].map((part) => querystring.unescape(part));
  url.username = "";
  url.password = "";
  return { url: url.href.replace(/\/+$/, ""), authorization: header(name, secret, token) };
}

function header(name?: string, secret?: string, token?: string): string | undefined {
  if (name && secret) return `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`;
  return token ? `Bearer ${token}` : undefined;
}
