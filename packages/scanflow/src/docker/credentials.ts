import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ScanflowError } from "@scanflow/core";
import { configFolder, readJson } from "./config-file.ts";

/** What a registry is shown, in the form that the Engine API takes in `X-Registry-Auth`. */
export type RegistryAuth =
  | { readonly username: string; readonly password: string; readonly serveraddress: string }
  | { readonly identitytoken: string; readonly serveraddress: string };

/** Under this name Docker keeps what is for Docker Hub. */
const hubKey = "https://index.docker.io/v1/";
const hub = "docker.io";

/** The registry that an image's name leads to: its first part when that looks like a host, else Docker Hub. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : hub;
}

/**
 * The login that `docker login` stored for a registry: in `config.json`, or with the helper that it names. null when
 * there is none. Errors: SCANFLOW_DOCKER_DENIED when a helper fails.
 */
export async function findAuth(
  registry: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<RegistryAuth | null> {
  const config = readConfig(env);
  const key = registry === hub ? hubKey : registry;
  const helper = config?.credHelpers?.[registry] ?? config?.credsStore;
  if (helper) {
    const found = await askHelper(helper, key, env);
    if (found) return found;
  }
  const kept = config?.auths?.[key] ?? config?.auths?.[`https://${registry}`];
  if (kept?.identitytoken) return { identitytoken: kept.identitytoken, serveraddress: key };
  if (!kept?.auth) return null;
  const [username = "", ...password] = Buffer.from(kept.auth, "base64").toString().split(":");
  return { username, password: password.join(":"), serveraddress: key };
}

/**
 * All logins that `docker login` stored, by the names that Docker keeps them under. Errors: SCANFLOW_DOCKER_DENIED when a
 * helper fails.
 */
export async function listAuths(env: NodeJS.ProcessEnv = process.env): Promise<Record<string, RegistryAuth>> {
  const { auths = {}, credHelpers = {}, credsStore } = readConfig(env) ?? {};
  const kept = credsStore ? await helperServers(credsStore, env) : [];
  const servers = [...Object.keys(auths), ...Object.keys(credHelpers), ...kept];
  const found: Record<string, RegistryAuth> = {};
  for (const registry of new Set(servers.map(registryNamed))) {
    const auth = await findAuth(registry, env);
    if (auth) found[auth.serveraddress] = auth;
  }
  return found;
}

/** The text of a `config.json` that holds logins and nothing else. */
export function configOf(auths: Readonly<Record<string, RegistryAuth>>): string {
  const entries = Object.entries(auths).map(([key, auth]) => {
    if ("identitytoken" in auth) return [key, { identitytoken: auth.identitytoken }];
    return [key, { auth: Buffer.from(`${auth.username}:${auth.password}`).toString("base64") }];
  });
  return JSON.stringify({ auths: Object.fromEntries(entries) });
}

/** The registry that Docker keeps a login for under a name, which may be an address. */
function registryNamed(key: string): string {
  return key === hubKey ? hub : key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

/** The header by which the daemon is told of a login; without one, an empty login, which it wants all the same. */
export function authHeader(auth: RegistryAuth | null): Record<string, string> {
  return { "X-Registry-Auth": encoded(auth ?? {}) };
}

/** The header by which a build is told of logins, by registry. */
export function loginsHeader(logins: Readonly<Record<string, RegistryAuth>>): Record<string, string> {
  return { "X-Registry-Config": encoded(logins) };
}

/** The alphabet of URLs, with padding: without it older daemons lose the end, and with that the login. */
function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

interface ConfigFile {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

function readConfig(env: NodeJS.ProcessEnv): ConfigFile | undefined {
  return readJson(join(configFolder(env), "config.json"));
}

async function askHelper(
  helper: string,
  server: string,
  env: NodeJS.ProcessEnv,
): Promise<RegistryAuth | null> {
  const what = `The login for ${server}`;
  const said = await runHelper(helper, { word: "get", given: server, what }, env);
  if (said === null) return null;
  const { Username = "", Secret = "" } = said as { Username?: string; Secret?: string };
  if (Username === "<token>") return { identitytoken: Secret, serveraddress: server };
  return { username: Username, password: Secret, serveraddress: server };
}

/** Names of what a helper keeps logins for. */
async function helperServers(helper: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  return Object.keys((await runHelper(helper, { word: "list", given: "", what: "The logins" }, env)) ?? {});
}

interface HelperCall {
  readonly word: "get" | "list";
  readonly given: string;
  /** What is read, for errors. */
  readonly what: string;
}

/** The protocol of docker/docker-credential-helpers: text goes in, a JSON object comes out. null: it has none. */
async function runHelper(
  helper: string,
  { word, given, what }: HelperCall,
  env: NodeJS.ProcessEnv,
): Promise<object | null> {
  const program = `docker-credential-${helper}`;
  const child = spawn(program, [word], { env, stdio: ["pipe", "pipe", "ignore"] });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  child.stdin.on("error", () => undefined).end(given);
  try {
    const [said, code] = await Promise.all([text(child.stdout), exit]);
    if (code !== 0) {
      if (/credentials not found/i.test(said)) return null;
      throw new Error(said.trim() || `exit code ${code}`);
    }
    return Object(JSON.parse(said));
  } catch (cause) {
    throw new ScanflowError(
      "SCANFLOW_DOCKER_DENIED",
      `${what} cannot be read with ${program} (${cause instanceof Error ? cause.message : String(cause)}). Install the helper, or take it out of Docker's config.json and log in again with "docker login".`,
      { cause },
    );
  }
}
