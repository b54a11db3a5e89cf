import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Cluster, type KubeObject, watch } from "../../../packages/scanflow/src/kubernetes/index.ts";
import { ApiServer } from "./api-server.ts";
import { writeKubeConfig } from "./kube-config.test.support.ts";
import { Refusal } from "./refusal.ts";

let api: ApiServer;
let cluster: Cluster;
let folder: string;
let stop: AbortController;
let following: Promise<void>;
/** What a follower that applies every change has, by name: the version it was last told. */
let seen: Map<string, string>;
let told: string[];
let troubles: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "scanflow-watch-"));
  api = await new ApiServer().start();
  cluster = await Cluster.find({ environment: { KUBECONFIG: writeKubeConfig(folder, api.url) } });
  stop = new AbortController();
  seen = new Map();
  told = [];
  troubles = 0;
});

afterEach(async () => {
  stop.abort();
  await following;
  cluster.close();
  await api.stop();
  rmSync(folder, { recursive: true });
});

function follow(pauseMs = 1): Promise<void> {
  const synced = Promise.withResolvers<void>();
  following = watch(cluster.connection, {
    path: cluster.path("v1", "pods"),
    labelSelector: "app=mine",
    parse: (object) => object as KubeObject,
    signal: stop.signal,
    changed: ({ metadata }, gone) => {
      told.push(`${gone ? "-" : ""}${metadata.name}`);
      if (gone) seen.delete(metadata.name);
      else seen.set(metadata.name, metadata.resourceVersion);
    },
    synced: synced.resolve,
    troubled: () => {
      troubles++;
    },
    pauseMs,
    mostMs: 20,
  });
  return Promise.race([synced.promise, following]);
}

function make(name: string, app = "mine"): void {
  api.store.create("pods", "default", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app } },
  });
}

function touch(name: string): void {
  api.store.update("pods", api.store.get("pods", "default", name), (pod) => {
    pod.status = { phase: "Running", touched: api.store.version };
  });
}

function remove(name: string): void {
  api.store.remove("pods", api.store.get("pods", "default", name));
}

/** What the server has, as the follower should come to see it. */
function there(): Map<string, string> {
  const pods = api.store.list("pods").filter(({ metadata }) => metadata.labels?.app === "mine");
  return new Map(pods.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
}

function watchesAsked(): number {
  return api.requests.filter((request) => request.includes("watch=true")).length;
}

async function agrees(): Promise<void> {
  await expect.poll(() => [...seen].sort()).toEqual([...there()].sort());
}

test("all that there is is told first, then every change, and nothing of others", async () => {
  make("a");
  make("other", "theirs");
  await follow();
  expect(told).toEqual(["a"]);
  await expect.poll(() => api.watches.count).toBe(1);
  make("b");
  touch("a");
  remove("b");
  await expect.poll(() => told).toEqual(["a", "b", "a", "-b"]);
});

test("a long list comes in pages", async () => {
  for (let at = 0; at < 501; at++) make(`pod-${at}`);
  await follow();
  expect(seen.size).toBe(501);
  expect(api.requests.filter((request) => request.includes("continue="))).toHaveLength(1);
});

test("a stream that breaks off in the middle of a line is taken up where it was, without a list", async () => {
  make("a");
  await follow();
  await expect.poll(() => api.watches.count).toBe(1);
  const lists = () => api.requests.filter((request) => !request.includes("watch=true")).length;
  const before = lists();
  api.watches.cut();
  make("b");
  remove("a");
  await agrees();
  expect(told).toEqual(["a", "b", "-a"]);
  expect(lists()).toBe(before);
});

test("a stream that the server ends is opened again without trouble", async () => {
  await follow();
  await expect.poll(() => api.watches.count).toBe(1);
  api.watches.end();
  make("a");
  await agrees();
  expect(troubles).toBe(0);
});

test("what happened while the server had forgotten the version is found by a new list", async () => {
  make("a");
  make("b");
  await follow();
  await expect.poll(() => api.watches.count).toBe(1);
  api.watches.faults.mute = true;
  remove("a");
  touch("b");
  make("c");
  api.watches.faults.mute = false;
  api.watches.expire();
  await agrees();
  expect(told.filter((name) => name === "-a")).toEqual(["-a"]);
});

test("a version that is too old when the stream is opened leads to a new list", async () => {
  make("a");
  await follow();
  await expect.poll(() => api.watches.count).toBe(1);
  api.options = {
    refuse: ({ query }) => (query.get("watch") ? new Refusal(503, "ServiceUnavailable", "busy") : undefined),
  };
  api.watches.cut();
  remove("a");
  make("b");
  api.store.compact();
  await expect.poll(() => watchesAsked()).toBeGreaterThan(3);
  api.options = {};
  await agrees();
  expect(troubles).toBeLessThan(3);
});

test("trouble is told once until the server has answered again", async () => {
  make("a");
  await follow();
  await expect.poll(() => api.watches.count).toBe(1);
  api.options = {
    refuse: ({ query }) => (query.get("watch") ? new Refusal(503, "ServiceUnavailable", "busy") : undefined),
  };
  const before = watchesAsked();
  api.watches.end();
  await expect.poll(() => watchesAsked()).toBeGreaterThan(before + 3);
  expect(troubles).toBe(1);
  api.options = {};
  await expect.poll(() => api.watches.count).toBe(1);
  make("b");
  await agrees();
  api.watches.cut();
  await expect.poll(() => troubles).toBe(2);
});

test("a list that breaks off in the middle is asked for again", async () => {
  let lists = 0;
  api.options = {
    breakOff: ({ query }) => {
      if (query.get("watch")) return false;
      lists++;
      return lists === 1;
    },
  };
  make("a");
  await follow();
  await agrees();
  expect([lists, troubles]).toEqual([2, 1]);
});

test("a bookmark moves the place on, so that compaction before it needs no new list", async () => {
  make("a");
  await follow();
  await expect.poll(() => api.watches.count).toBe(1);
  for (let at = 0; at < 10; at++) make(`other-${at}`, "theirs");
  api.watches.bookmark();
  make("b");
  await agrees();
  api.store.compact();
  const lists = api.requests.filter((request) => !request.includes("watch=true")).length;
  api.watches.end();
  make("c");
  await agrees();
  expect(api.requests.filter((request) => !request.includes("watch=true"))).toHaveLength(lists);
});

test("events that come twice or out of order change nothing", async () => {
  make("a");
  await follow();
  await expect.poll(() => api.watches.count).toBe(1);
  const late: Parameters<NonNullable<typeof api.watches.faults.disturb>>[0][number][] = [];
  api.watches.faults.disturb = (events) => {
    const sent = [...events, ...late.toReversed(), ...events];
    late.push(...events);
    return sent;
  };
  touch("a");
  make("b");
  touch("b");
  remove("b");
  touch("a");
  make("c");
  await agrees();
  expect(told.lastIndexOf("-b")).toBe(told.lastIndexOf("b") + 1);
  expect(told.filter((name) => name === "-b")).toHaveLength(1);
});

test("a name that is used again is another object", async () => {
  make("a");
  await follow();
  await expect.poll(() => api.watches.count).toBe(1);
  remove("a");
  make("a");
  await agrees();
  expect(told).toEqual(["a", "-a", "a"]);
});

test("a server that ends its streams at once is not asked in a loop", async () => {
  api.watches.faults.ends = true;
  const pauseMs = 200;
  const before = performance.now();
  await follow(pauseMs);
  await expect.poll(watchesAsked).toBeGreaterThanOrEqual(4);
  const rounds = Math.ceil((performance.now() - before) / pauseMs);
  expect(watchesAsked()).toBeLessThanOrEqual(rounds + 1);
});

test("a restart of the server is waited for", async () => {
  make("a");
  await follow();
  await api.restart();
  make("b");
  await agrees();
});

test("no rights end the watch with what to do", async () => {
  api.options = {
    refuse: () =>
      new Refusal(
        403,
        "Forbidden",
        'pods is forbidden: User "tester" cannot list resource "pods" in API group ""',
      ),
  };
  await expect(follow()).rejects.toMatchObject({
    code: "SCANFLOW_KUBERNETES_DENIED",
    message: expect.stringContaining('cannot list resource "pods"'),
  });
  following = Promise.resolve();
});
