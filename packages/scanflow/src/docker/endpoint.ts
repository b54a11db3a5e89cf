import { createHash } from "node:crypto";
import { join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { configFolder, readIfThere, readJson } from "./config-file.ts";

/** How a Docker daemon is reached. */
export type Endpoint =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls: TlsFiles | null };

/** Contents of PEM files, and whether the daemon's certificate is checked. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly verify: boolean;
}

const defaultSocket = "/var/run/docker.sock";

/**
 * Where the Docker command line would look, in its order: `DOCKER_HOST`, else the context of `DOCKER_CONTEXT`, else the
 * current context of `config.json`, else the socket of this machine
 * (docs.docker.com/engine/manage-resources/contexts). Errors: SCANFLOW_DOCKER_UNREACHABLE.
 */
export function findEndpoint(env: NodeJS.ProcessEnv = process.env): Endpoint {
  if (env.DOCKER_HOST) {
    const verify = Boolean(env.DOCKER_TLS_VERIFY);
    const folder = env.DOCKER_CERT_PATH || configFolder(env);
    const tls = verify || env.DOCKER_TLS ? readTls(folder, verify) : null;
    return parseEndpoint(env.DOCKER_HOST, { tls, named: "DOCKER_HOST" });
  }
  const context = env.DOCKER_CONTEXT || currentContext(env);
  if (context === undefined || context === "default") return { kind: "socket", path: defaultSocket };
  return contextEndpoint(context, env);
}

/** The endpoint as it is written in `DOCKER_HOST`. */
export function endpointText(endpoint: Endpoint): string {
  return endpoint.kind === "socket" ? `unix://${endpoint.path}` : `tcp://${endpoint.host}:${endpoint.port}`;
}

function currentContext(env: NodeJS.ProcessEnv): string | undefined {
  const config = readJson(join(configFolder(env), "config.json"));
  return typeof config?.currentContext === "string" ? config.currentContext : undefined;
}

interface ContextMeta {
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
}

function contextEndpoint(name: string, env: NodeJS.ProcessEnv): Endpoint {
  const id = createHash("sha256").update(name).digest("hex");
  const folder = join(configFolder(env), "contexts");
  const meta = readJson(join(folder, "meta", id, "meta.json")) as ContextMeta | undefined;
  const docker = meta?.Endpoints?.docker;
  if (docker?.Host === undefined) {
    throw unreachable(
      `There is no Docker context "${name}" (${join(folder, "meta")}). See "docker context ls", and name one of those in DOCKER_CONTEXT.`,
    );
  }
  const tls = readTls(join(folder, "tls", id, "docker"), !docker.SkipTLSVerify);
  return parseEndpoint(docker.Host, {
    tls: tls.ca || tls.cert ? tls : null,
    named: `The Docker context "${name}"`,
  });
}

function readTls(folder: string, verify: boolean): TlsFiles {
  const read = (name: string) => readIfThere(join(folder, name));
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem"), verify };
}

function parseEndpoint(text: string, { tls, named }: { tls: TlsFiles | null; named: string }): Endpoint {
  if (text.startsWith("unix://")) return { kind: "socket", path: text.slice("unix://".length) };
  const tcp = /^(?:tcp|https?):\/\/(\[[^\]]+\]|[^/:]+)(?::(\d+))?\/?$/.exec(text);
  const [, host = "", port] = tcp ?? [];
  if (tcp)
    return {
      kind: "tcp",
      host: host.replace(/^\[|\]$/g, ""),
      port: Number(port ?? (tls ? 2376 : 2375)),
      tls,
    };
  const ssh = text.startsWith("ssh://")
    ? `Forward its socket, for example with "ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock ${text.slice(6)}", and set DOCKER_HOST=unix:///tmp/docker.sock.`
    : "Give unix:///path/of/docker.sock or tcp://host:port.";
  throw unreachable(`${named} is "${text}", which Scanflow cannot speak to. ${ssh}`);
}

function unreachable(message: string): ScanflowError {
  return new ScanflowError("SCANFLOW_DOCKER_UNREACHABLE", message);
}
