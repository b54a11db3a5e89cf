import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished } from "vitest";
import { folderWith } from "./images.test.support.ts";

const run = promisify(execFile);

export interface TestRegistry {
  /** `127.0.0.1:<port>`. */
  readonly place: string;
  readonly user: string;
  readonly password: string;
}

/** Debian's registry as a process of this test, which lets only one user in. */
export async function privateRegistry(): Promise<TestRegistry> {
  const [user, password] = ["scanflow", "not:for/everyone"];
  const folder = await folderWith({});
  const { stdout } = await run("htpasswd", ["-nbB", user, password]);
  await writeFile(join(folder, "htpasswd"), stdout.trim());
  await mkdir(join(folder, "data"));
  const port = await freePort();
  const place = `127.0.0.1:${port}`;
  const config = {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: place },
    auth: { htpasswd: { realm: "test", path: join(folder, "htpasswd") } },
  };
  // JSON is YAML.
  await writeFile(join(folder, "config.yml"), JSON.stringify(config));
  const registry = spawn("docker-registry", ["serve", join(folder, "config.yml")], { stdio: "ignore" });
  const ended = once(registry, "exit");
  onTestFinished(async () => {
    registry.kill("SIGKILL");
    await ended;
  });
  await expect
    .poll(() =>
      fetch(`http://${place}/v2/`).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(401);
  return { place, user, password };
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
