import { mkdtempSync } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiServer } from "./api-server.ts";
import type { ContainerRuntime, RunningContainer } from "./container-runtime.ts";
import { expandVariables } from "./expand-variables.ts";
import { now, type Stored } from "./object-store.ts";
import type { Container, PodSpec } from "./pod-spec.ts";
import { untilStarted } from "./probe.ts";

/**
 * A node of the fake cluster: takes every pod that has none, runs its init containers one after the other and then its
 * containers in a real container runtime, with the pod's volumes, and says in the pod's status what becomes of them. Of
 * probes there is the one of the start: who has no other is ready from then on, and a pod is when all its containers
 * are. Sources: Kubernetes, "Pod lifecycle", "Init containers"; ContainerStatus; kubelet, `third_party/forked/golang/expansion`.
 */
export class Kubelet {
  readonly #api: ApiServer;
  readonly #runtime: ContainerRuntime;
  readonly #folder = mkdtempSync(join(tmpdir(), "scanflow-kubelet-"));
  readonly #pods = new Map<string, RunningPod>();
  readonly #runs = new Set<Promise<void>>();
  readonly #stopListening: () => void;

  constructor(api: ApiServer, runtime: ContainerRuntime) {
    this.#api = api;
    this.#runtime = runtime;
    this.#stopListening = api.store.listen(({ collection, type, object }) => {
      if (collection !== "pods") return;
      if (type === "ADDED") this.#take(object);
      else if (object.metadata.deletionTimestamp) void this.#pods.get(object.metadata.uid)?.end();
    });
    api.options = {
      ...api.options,
      serveLog: async (pod, options, response) => {
        const container = this.#pods.get(pod.metadata.uid)?.container(options.container);
        if (container) await container.serveLog(options, response);
        else
          response
            .writeHead(400)
            .end('{"kind":"Status","message":"container is waiting to start","reason":"BadRequest"}');
      },
    };
  }

  async close(): Promise<void> {
    this.#stopListening();
    await Promise.all([...this.#pods.values()].map((pod) => pod.end()));
    // A container may be on its way yet: it would come to a network that goes.
    await Promise.all(this.#runs);
    await Promise.all([...this.#pods.values()].map((pod) => pod.remove()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #take(pod: Stored): void {
    const { uid } = pod.metadata;
    const running = new RunningPod(pod, {
      api: this.#api,
      runtime: this.#runtime,
      folder: join(this.#folder, uid),
    });
    this.#pods.set(uid, running);
    const run = running.run().finally(() => this.#runs.delete(run));
    this.#runs.add(run);
    void run.finally(async () => {
      // What has ended keeps its containers, for their output, until the pod is deleted.
      await running.deleted;
      await running.remove();
      this.#pods.delete(uid);
    });
  }
}

interface NodeRooms {
  readonly api: ApiServer;
  readonly runtime: ContainerRuntime;
  readonly folder: string;
}

class RunningPod {
  readonly #pod: Stored;
  readonly #rooms: NodeRooms;
  readonly #containers = new Map<string, RunningContainer>();
  readonly #deleted = Promise.withResolvers<void>();
  #ending = false;
  #removed: Promise<void> | undefined;

  constructor(pod: Stored, rooms: NodeRooms) {
    this.#pod = pod;
    this.#rooms = rooms;
  }

  get deleted(): Promise<void> {
    return this.#deleted.promise;
  }

  container(name: string): RunningContainer | undefined {
    return this.#containers.get(name);
  }

  async run(): Promise<void> {
    const { volumes = [], initContainers = [], containers } = this.#spec;
    const set = (change: (status: Record<string, unknown>) => void) => this.#status(change);
    const statuses = (all: readonly Container[]) =>
      all.map(({ name, image }) => ({
        name,
        image,
        state: { waiting: { reason: "PodInitializing" } },
        ready: false,
      }));
    this.#update((draft) => {
      draft.spec = { ...draft.spec, nodeName: "node-1" };
      draft.status = {
        phase: "Pending",
        startTime: now(),
        conditions: [{ type: "PodScheduled", status: "True" }],
        initContainerStatuses: statuses(initContainers),
        containerStatuses: statuses(containers),
      };
    });
    for (const { name } of volumes) {
      await mkdir(join(this.#rooms.folder, name), { recursive: true });
      // What `fsGroup` gives to the pod's user.
      await chmod(join(this.#rooms.folder, name), 0o777);
    }
    for (const container of initContainers) {
      if (this.#ending) break;
      if ((await this.#runOne(container, "initContainerStatuses")) !== 0) {
        set((status) => Object.assign(status, { phase: "Failed" }));
        return this.#left();
      }
    }
    if (!this.#ending) {
      set((status) => Object.assign(status, { phase: "Running" }));
      const codes = await Promise.all(containers.map((one) => this.#runOne(one, "containerStatuses")));
      set((status) =>
        Object.assign(status, { phase: codes.every((code) => code === 0) ? "Succeeded" : "Failed" }),
      );
    }
    this.#left();
  }

  /** Asks its containers to end, then ends them by force. */
  async end(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    const seconds = this.#spec.terminationGracePeriodSeconds ?? 30;
    await Promise.all([...this.#containers.values()].map((one) => one.stop(seconds)));
    this.#left();
  }

  /** Once, whoever asks: a removal that is under way is waited for. */
  remove(): Promise<void> {
    this.#removed ??= this.#remove();
    return this.#removed;
  }

  async #remove(): Promise<void> {
    await Promise.all([...this.#containers.values()].map((one) => one.remove()));
    await rm(this.#rooms.folder, { recursive: true, force: true });
  }

  get #spec(): PodSpec {
    return this.#pod.spec as unknown as PodSpec;
  }

  /** A pod that is being deleted goes once its containers have ended. */
  #left(): void {
    const { namespace, name, uid } = this.#pod.metadata;
    const found = this.#rooms.api.store.find("pods", namespace, name);
    if (found?.metadata.uid === uid && found.metadata.deletionTimestamp)
      this.#rooms.api.store.remove("pods", found);
    if (found?.metadata.uid !== uid || found.metadata.deletionTimestamp) this.#deleted.resolve();
  }

  async #runOne(container: Container, kind: "initContainerStatuses" | "containerStatuses"): Promise<number> {
    const set = (state: Record<string, unknown>, started = false) =>
      this.#status((status) => {
        const all = (status[kind] ?? []) as { name: string; ready: boolean }[];
        const ready = started && kind === "containerStatuses";
        const own = all.map((one) => (one.name === container.name ? { ...one, state, started, ready } : one));
        status[kind] = own;
        if (kind === "initContainerStatuses") return;
        const isReady = own.every((one) => one.ready);
        const others = (status.conditions as { type: string }[]).filter(({ type }) => type !== "Ready");
        status.conditions = [...others, { type: "Ready", status: isReady ? "True" : "False" }];
      });
    const env = this.#environment(container);
    const started = await this.#rooms.runtime.start({
      container,
      pod: this.#spec,
      env,
      command: (container.command ?? []).map((word) => expandVariables(word, env)),
      volume: (name) => join(this.#rooms.folder, name),
    });
    if ("reason" in started) {
      set({ terminated: { exitCode: 128, reason: "StartError", message: started.reason } });
      return 128;
    }
    this.#containers.set(container.name, started);
    // Its pod was told to end while it was on its way.
    if (this.#ending) await started.stop(0);
    const running = { running: { startedAt: now() } };
    // A pod has one address; here it is that of the container that is asked.
    this.#status((status) => Object.assign(status, { podIP: started.address }));
    set(running, !container.startupProbe);
    const over = new AbortController();
    void started.ended.then(() => over.abort());
    const { address } = started;
    void untilStarted({ container, address, signal: over.signal }).then((answers) => {
      if (over.signal.aborted) return;
      if (answers) set(running, true);
      else void started.stop(0);
    });
    const { exitCode, outOfMemory } = await started.ended;
    over.abort();
    set({
      terminated: { exitCode, reason: outOfMemory ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error" },
    });
    return exitCode;
  }

  #environment({ env = [] }: Container): Record<string, string> {
    const values: Record<string, string> = {};
    for (const { name, value, valueFrom } of env) {
      const key = valueFrom?.secretKeyRef;
      if (!key) values[name] = expandVariables(value ?? "", values);
      else {
        const secret = this.#rooms.api.store.get("secrets", this.#pod.metadata.namespace, key.name ?? "");
        values[name] = (secret.stringData as Record<string, string>)[key.key] ?? "";
      }
    }
    return values;
  }

  #status(change: (status: Record<string, unknown>) => void): void {
    this.#update((draft) => {
      draft.status = { ...draft.status };
      change(draft.status);
    });
  }

  #update(change: (draft: Stored) => void): void {
    const { namespace, name, uid } = this.#pod.metadata;
    const found = this.#rooms.api.store.find("pods", namespace, name);
    if (found?.metadata.uid === uid) this.#rooms.api.store.update("pods", found, change);
  }
}
