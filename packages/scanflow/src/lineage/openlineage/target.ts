import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ScanflowError } from "@scanflow/core";

/** Where OpenLineage events go. */
export type Target =
  /** A file that grows by a line for each event. */
  | { readonly kind: "file"; readonly path: string }
  /** A receiver, such as Marquez; `key` is sent as a bearer token. */
  | { readonly kind: "http"; readonly url: string; readonly key: string | null };

export interface TargetOptions {
  /** A URL or the path of a file; undefined: what the environment says. */
  readonly given: string | undefined;
  /** What relative paths of the environment are relative to: the config's folder. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * What was asked for, by option or by the variables of the standard client: OPENLINEAGE_URL, OPENLINEAGE_ENDPOINT
 * (default `api/v1/lineage`), OPENLINEAGE_API_KEY, OPENLINEAGE_DISABLED. null: nothing.
 *
 * Errors: SCANFLOW_OPENLINEAGE_TARGET.
 */
export function openLineageTarget({ given, root, env }: TargetOptions): Target | null {
  if (/^(true|1)$/i.test(env.OPENLINEAGE_DISABLED ?? "")) return null;
  const text = given ?? env.OPENLINEAGE_URL ?? "";
  if (text === "") return null;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: "file", path: resolve(root, text) };
  const url = URL.parse(text);
  if (!url) throw refused(text, "it is no URL");
  if (scheme === "file") return { kind: "file", path: pathOf(url, text) };
  if (scheme !== "http" && scheme !== "https")
    throw refused(text, `"${scheme}" is neither http, https nor file`);
  if (url.username !== "" || url.password !== "") {
    throw refused(
      url.host,
      "it holds a name or password, which would be seen; set OPENLINEAGE_API_KEY instead",
    );
  }
  const endpoint = env.OPENLINEAGE_ENDPOINT || "api/v1/lineage";
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${endpoint.replace(/^\/+/, "")}`;
  url.hash = "";
  return { kind: "http", url: url.href, key: env.OPENLINEAGE_API_KEY || null };
}

function pathOf(url: URL, text: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw refused(text, "it names no file of this machine");
  }
}

function refused(text: string, reason: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_OPENLINEAGE_TARGET",
    `OpenLineage events cannot go to "${text}": ${reason}. Give --openlineage (or OPENLINEAGE_URL) an http or https URL, or the path of a file.`,
  );
}
