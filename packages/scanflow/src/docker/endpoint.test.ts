import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configOf, findAuth, listAuths, registryOf } from "./credentials.ts";
import { findEndpoint } from "./endpoint.ts";

function configWith(config: object): string {
  const folder = mkdtempSync(join(tmpdir(), "docker-config-"));
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  return folder;
}

function addContext(folder: string, name: string, host: string): void {
  const id = createHash("sha256").update(name).digest("hex");
  mkdirSync(join(folder, "contexts", "meta", id), { recursive: true });
  const meta = { Name: name, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } };
  writeFileSync(join(folder, "contexts", "meta", id, "meta.json"), JSON.stringify(meta));
  mkdirSync(join(folder, "contexts", "tls", id, "docker"), { recursive: true });
  writeFileSync(join(folder, "contexts", "tls", id, "docker", "ca.pem"), "the authority");
}

test("DOCKER_HOST comes before contexts, and contexts before the socket of the machine", () => {
  const folder = configWith({ currentContext: "away" });
  addContext(folder, "away", "tcp://away.example:2376");
  addContext(folder, "near", "unix:///run/near.sock");
  const env = { DOCKER_CONFIG: folder };
  const tls = { ca: "the authority", cert: undefined, key: undefined, verify: true };
  expect(findEndpoint(env)).toEqual({ kind: "tcp", host: "away.example", port: 2376, tls });
  expect(findEndpoint({ ...env, DOCKER_CONTEXT: "near" })).toEqual({
    kind: "socket",
    path: "/run/near.sock",
  });
  expect(findEndpoint({ ...env, DOCKER_HOST: "tcp://[::1]", DOCKER_CONTEXT: "near" })).toEqual({
    kind: "tcp",
    host: "::1",
    port: 2375,
    tls: null,
  });
  expect(findEndpoint({ ...env, DOCKER_CONTEXT: "default" })).toEqual({
    kind: "socket",
    path: "/var/run/docker.sock",
  });
});

test("an unknown context and a host that is not spoken to are refused with what to do", () => {
  const env = { DOCKER_CONFIG: configWith({}) };
  expect(() => findEndpoint({ ...env, DOCKER_CONTEXT: "gone" })).toThrow(
    /no Docker context "gone".*docker context ls/,
  );
  expect(() => findEndpoint({ ...env, DOCKER_HOST: "ssh://me@far" })).toThrow(/ssh -nNT -L .* me@far/);
  expect(() => findEndpoint({ ...env, DOCKER_HOST: "far" })).toThrow(/DOCKER_HOST is "far".*unix:/);
});

test("the registry of an image is its first part when that looks like a host", () => {
  expect(registryOf("python:3.11")).toBe("docker.io");
  expect(registryOf("team/python:3.11")).toBe("docker.io");
  expect(registryOf("localhost/python")).toBe("localhost");
  expect(registryOf("localhost:5000/team/python:3.11")).toBe("localhost:5000");
});

test("a login is read from the config, from a helper for one registry, and there may be none", async () => {
  const auth = Buffer.from("ann:pass:word").toString("base64");
  const folder = configWith({
    auths: { "localhost:5000": { auth }, "https://index.docker.io/v1/": { auth } },
    credHelpers: { "away.example": "scanflow-test" },
  });
  const helper = join(folder, "docker-credential-scanflow-test");
  writeFileSync(
    helper,
    '#!/bin/sh\nread server\necho "{\\"Username\\":\\"of\\",\\"Secret\\":\\"$server\\"}"\n',
    {
      mode: 0o755,
    },
  );
  const env = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH}` };
  const login = { username: "ann", password: "pass:word" };
  expect(await findAuth("localhost:5000", env)).toEqual({ ...login, serveraddress: "localhost:5000" });
  expect(await findAuth("docker.io", env)).toMatchObject(login);
  expect(await findAuth("away.example", env)).toMatchObject({ username: "of", password: "away.example" });
  expect(await findAuth("nobody.example", env)).toBeNull();
  await expect(findAuth("away.example", { ...env, PATH: "/nowhere" })).rejects.toMatchObject({
    code: "SCANFLOW_DOCKER_DENIED",
  });
});

test("all logins are listed, those that a helper keeps too, and written as a config that is read again", async () => {
  const auth = Buffer.from("ann:pass:word").toString("base64");
  const folder = configWith({
    auths: { "localhost:5000": { auth }, "away.example": {}, "tokens.example": { identitytoken: "t" } },
    credsStore: "scanflow-list",
  });
  const answers = [
    "read server",
    'case "$1 $server" in',
    `"list ") echo '{"https://index.docker.io/v1/":"hal"}' ;;`,
    `"get https://index.docker.io/v1/") echo '{"Username":"hal","Secret":"s"}' ;;`,
    '*) echo "credentials not found in native keychain"; exit 1 ;;',
    "esac",
  ];
  writeFileSync(join(folder, "docker-credential-scanflow-list"), `#!/bin/sh\n${answers.join("\n")}\n`, {
    mode: 0o755,
  });
  const env = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH}` };
  const hub = "https://index.docker.io/v1/";
  const logins = await listAuths(env);
  expect(logins).toEqual({
    [hub]: { username: "hal", password: "s", serveraddress: hub },
    "localhost:5000": { username: "ann", password: "pass:word", serveraddress: "localhost:5000" },
    "tokens.example": { identitytoken: "t", serveraddress: "tokens.example" },
  });
  const copy = { DOCKER_CONFIG: configWith(JSON.parse(configOf(logins))) };
  expect(await listAuths(copy)).toEqual(logins);
  await expect(listAuths({ ...env, PATH: "/nowhere" })).rejects.toMatchObject({
    code: "SCANFLOW_DOCKER_DENIED",
  });
  expect(await listAuths({ DOCKER_CONFIG: configWith({}) })).toEqual({});
});
