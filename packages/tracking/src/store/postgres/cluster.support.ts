import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { chmod, cp, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const debian = "/usr/lib/postgresql";
export const clusterPassword = "a pass/word";

/** A PostgreSQL server of its own, reached through a socket in its folder. */
export interface Cluster {
  /** The URL of a database. */
  url(database: string, password?: string): string;
  /** Ends the server at once, as a crash would, and starts it again when asked. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/** The folder of the newest server's programs; undefined where none is installed, which CI does not accept. */
export function findPostgres(): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const [newest] = versions.toSorted((a, b) => Number(b) - Number(a));
  if (newest !== undefined) return join(debian, newest, "bin");
  if (process.env.CI === "true") throw new Error("PostgreSQL is not installed: apt-get install postgresql");
  return undefined;
}

/** Starts a fresh server. It ends with this process at the latest. */
export async function startCluster(programs: string): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-pg-"));
  await chmod(folder, 0o755);
  const data = join(folder, "data");
  await cp(await initialised(programs), data, { recursive: true, preserveTimestamps: true });
  if (isRoot) await run("chown", ["-R", "postgres:", folder]);
  let server: ChildProcess | undefined;
  const kill = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill("SIGQUIT");
    await ended;
  };
  const start = async () => {
    server = await serve(join(programs, "postgres"), data, folder);
  };
  await start();
  return {
    url: (database, password = clusterPassword) =>
      `postgresql://scanflow:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(folder)}`,
    kill,
    start,
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const isRoot = process.getuid?.() === 0;

/** The server refuses to run as root. */
const asUser = isRoot ? ["--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

/** An empty cluster, made once and kept for the next test run. */
async function initialised(programs: string): Promise<string> {
  const version = programs.split("/").at(-2);
  const kept = join(tmpdir(), `scanflow-pg-${version}-template-${process.getuid?.() ?? 0}`);
  if (existsSync(kept)) return kept;
  const made = await mkdtemp(`${kept}-`);
  const password = join(made, "password");
  await writeFile(password, clusterPassword);
  if (isRoot) await run("chown", ["-R", "postgres:", made]);
  const options = ["-U", "scanflow", "--auth=scram-sha-256", `--pwfile=${password}`, "--encoding=UTF8"];
  // Texts sort as in a dictionary unless a column says otherwise.
  const dictionary = Number(version) >= 15 ? ["--locale-provider=icu", "--icu-locale=en-US"] : [];
  const place = ["--locale=C.UTF-8", ...dictionary, "--no-sync", "-D", join(made, "data")];
  await run("setpriv", [...asUser, join(programs, "initdb"), ...options, ...place]);
  try {
    await rename(join(made, "data"), kept);
  } catch {
    // Another test process was first.
  }
  await rm(made, { recursive: true, force: true });
  return kept;
}

async function serve(postgres: string, data: string, sockets: string): Promise<ChildProcess> {
  const settings = {
    listen_addresses: "",
    unix_socket_directories: sockets,
    fsync: "off",
    full_page_writes: "off",
    shared_buffers: "32MB",
    max_connections: "500",
  };
  const given = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const options = ["--pdeathsig", "KILL", ...asUser, postgres, "-D", data, ...given];
  const server = spawn("setpriv", options, { stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  for await (const line of createInterface(server.stderr)) {
    said.push(line);
    if (!/ready to accept connections/.test(line)) continue;
    server.stderr.resume();
    return server;
  }
  throw new Error(`PostgreSQL did not start:\n${said.join("\n")}`);
}
