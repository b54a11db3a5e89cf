import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findAccess } from "./access.ts";
import { Cluster } from "./cluster.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scanflow-access-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Part {
  readonly name: string;
  readonly server?: string;
  readonly namespace?: string;
  readonly user?: unknown;
}

/** A kubeconfig with one context, cluster and user of one name for each part; the first is the current one. */
function write(file: string, parts: readonly Part[], more: Readonly<Record<string, unknown>> = {}): string {
  const path = join(folder, file);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": parts[0]?.name,
    clusters: parts.map(({ name, server = "https://cluster.example" }) => ({ name, cluster: { server } })),
    users: parts.map(({ name, user = {} }) => ({ name, user })),
    contexts: parts.map(({ name, namespace }) => ({
      name,
      context: { cluster: name, user: name, namespace },
    })),
    ...more,
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

test("the current context is meant, or the one that is named", async () => {
  const KUBECONFIG = write("config", [{ name: "home", namespace: "mine" }, { name: "work" }]);
  const home = await findAccess({ environment: { KUBECONFIG } });
  expect([home.context, home.namespace, home.server.href]).toEqual([
    "home",
    "mine",
    "https://cluster.example/",
  ]);
  const work = await findAccess({ environment: { KUBECONFIG }, context: "work" });
  expect([work.context, work.namespace]).toEqual(["work", "default"]);
});

test("of several kubeconfigs the first one that names a thing counts, and those that are not there are passed over", async () => {
  const first = write("first", [{ name: "a", server: "https://first.example" }]);
  const second = write("second", [{ name: "b" }, { name: "a", server: "https://second.example" }]);
  const KUBECONFIG = [join(folder, "missing"), first, second].join(delimiter);
  expect((await findAccess({ environment: { KUBECONFIG } })).server.hostname).toBe("first.example");
  expect((await findAccess({ environment: { KUBECONFIG }, context: "b" })).server.hostname).toBe(
    "cluster.example",
  );
});

test.each<[string, () => NodeJS.ProcessEnv, RegExp]>([
  ["no kubeconfig", () => ({ HOME: folder }), /There is no kubeconfig \(looked for .*\.kube\/config\)/],
  [
    "a context that there is not",
    () => ({ KUBECONFIG: write("c", [{ name: "a" }], { "current-context": "z" }) }),
    /no context "z".*: a\./,
  ],
  [
    "no current context",
    () => ({ KUBECONFIG: write("c", [{ name: "a" }], { "current-context": "" }) }),
    /no current context.*: a\./,
  ],
  [
    "a cluster that there is not",
    () => ({ KUBECONFIG: write("c", [{ name: "a" }], { clusters: [] }) }),
    /names the cluster "a", which is not in/,
  ],
  [
    "a user who is not there",
    () => ({ KUBECONFIG: write("c", [{ name: "a" }], { users: [] }) }),
    /names the user "a", which is not in/,
  ],
  [
    "a server in the clear",
    () => ({ KUBECONFIG: write("c", [{ name: "a", server: "http://10.0.0.1:8080" }]) }),
    /without encryption/,
  ],
  ["no URL", () => ({ KUBECONFIG: write("c", [{ name: "a", server: "cluster" }]) }), /no http or https URL/],
  [
    "no YAML",
    () => {
      writeFileSync(join(folder, "c"), "clusters: [");
      return { KUBECONFIG: join(folder, "c") };
    },
    /kubeconfig .* cannot be read/,
  ],
])("%s is refused with what to do", async (_, environment, message) => {
  await expect(findAccess({ environment: environment() })).rejects.toMatchObject({
    code: "SCANFLOW_KUBERNETES_CONFIG",
    message: expect.stringMatching(message),
  });
});

/** A server that takes one token only, and says which ones it was shown. */
async function withServer(
  token: string,
  act: (url: string, shown: string[]) => Promise<void>,
): Promise<void> {
  const shown: string[] = [];
  const server = createServer((request, response) => {
    shown.push(request.headers.authorization ?? "");
    const known = request.headers.authorization === `Bearer ${token}`;
    response.writeHead(known ? 200 : 401).end(known ? "{}" : '{"kind":"Status","message":"Unauthorized"}');
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, shown);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A credential plug-in that gives `first` once, then `next`. */
function plugIn(): Readonly<Record<string, unknown>> {
  const command = join(folder, "login");
  const script = `#!/bin/sh
[ -n "$KUBERNETES_EXEC_INFO" ] || exit 1
token=first; [ -e "${folder}/asked" ] && token=next; touch "${folder}/asked"
echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'$token'"}}'
`;
  writeFileSync(command, script);
  chmodSync(command, 0o755);
  return { exec: { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never" } };
}

test("a credential plug-in is asked once, and once more when the server refuses what it gave", async () => {
  await withServer("next", async (server, shown) => {
    const cluster = await Cluster.find({
      environment: { KUBECONFIG: write("c", [{ name: "a", server, user: plugIn() }]) },
    });
    await cluster.get("/version");
    await cluster.get("/version");
    expect(shown).toEqual(["Bearer first", "Bearer next", "Bearer next"]);
    cluster.close();
  });
});

test("a plug-in that is not installed is told by its name", async () => {
  const user = {
    exec: { apiVersion: "v1", command: "no-such-login", installHint: "Install no-such-login." },
  };
  const cluster = await Cluster.find({ environment: { KUBECONFIG: write("c", [{ name: "a", user }]) } });
  await expect(cluster.get("/version")).rejects.toMatchObject({
    code: "SCANFLOW_KUBERNETES_DENIED",
    message: expect.stringMatching(/"no-such-login".*ENOENT.*Install no-such-login\.$/),
  });
});

test("a wrong token is told as one", async () => {
  await withServer("right", async (server) => {
    const cluster = await Cluster.find({
      environment: { KUBECONFIG: write("c", [{ name: "a", server, user: { token: "wrong" } }]) },
    });
    await expect(cluster.get("/version")).rejects.toMatchObject({
      code: "SCANFLOW_KUBERNETES_DENIED",
      message: expect.stringContaining("does not know who asks: Unauthorized"),
    });
    cluster.close();
  });
});

test("a cluster that does not answer is told with its address", async () => {
  const cluster = await Cluster.find({
    environment: { KUBECONFIG: write("c", [{ name: "a", server: "https://127.0.0.1:1" }]) },
  });
  await expect(cluster.get("/version")).rejects.toMatchObject({
    code: "SCANFLOW_KUBERNETES_UNREACHABLE",
    message: expect.stringMatching(/"a" does not answer at https:\/\/127\.0\.0\.1:1 \(.*ECONNREFUSED/),
  });
});
