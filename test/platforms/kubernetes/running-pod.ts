import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ApiServer } from "./api-server.ts";
import type { ContainerRuntime, RunningContainer } from "./container-runtime.ts";
import { expandVariables } from "./expand-variables.ts";
import { now, type Stored } from "./object-store.ts";
import type { Container, PodSpec } from "./pod-spec.ts";
import { untilStarted } from "./probe.ts";
import { endInOrder } from "./termination.ts";

export interface NodeRooms {
  readonly api: ApiServer;
  readonly runtime: ContainerRuntime;
  readonly folder: string;
  readonly backOffMs: number;
}

type Kind = "initContainerStatuses" | "containerStatuses";

/**
 * A pod on a node, with its volumes: its init containers run one after the other, then its containers, and its status
 * says what becomes of them. Tries of its own it has none (`restartPolicy: Never`). Of probes there is the one of the
 * start: who has no other is ready from then on, and a pod is when all its containers are.
 *
 * A sidecar is an init container with `restartPolicy: Always` (Kubernetes, "Sidecar Containers"; KEP-753):
 * - The next init container starts once it has started and its startup probe, if it has one, has succeeded.
 * - It is started again whenever it ends, whatever the pod's policy, until the pod is ended: at once the first time, then
 *   after 10 s, 20 s and so on to 5 minutes ("Pod Lifecycle", "Container restarts"; kubelet, `client-go/util/flowcontrol/backoff.go`).
 * - It is ended when the last container has ended, or an init container has failed ("Pod Lifecycle", "Termination of
 *   Pods"; kubelet, `SyncPod` of `kuberuntime_manager.go`: the pod is killed). See `endInOrder`.
 * - The pod's phase goes by the other containers alone; the sidecar's exit code counts for nothing (kubelet, `getPhase`
 *   of `kubelet_pods.go`). So a Job completes beside a sidecar that failed.
 * - The phase becomes final when all of the pod's containers have ended (kubelet, `mergePodStatus` of
 *   `status_manager.go`: "delay transitioning a pod to a terminal status").
 *
 * More sources: Kubernetes, "Init containers"; ContainerStatus; kubelet, `third_party/forked/golang/expansion`.
 */
export class RunningPod {
  readonly #pod: Stored;
  readonly #rooms: NodeRooms;
  /** By name, what runs now or ran last. */
  readonly #containers = new Map<string, RunningContainer>();
  readonly #made: RunningContainer[] = [];
  readonly #sidecars: Promise<void>[] = [];
  readonly #deleted = Promise.withResolvers<void>();
  readonly #ending = new AbortController();
  #over: Promise<void> | undefined;
  #ended: Promise<void> | undefined;
  #removed: Promise<void> | undefined;

  constructor(pod: Stored, rooms: NodeRooms) {
    this.#pod = pod;
    this.#rooms = rooms;
  }

  get name(): string {
    return this.#pod.metadata.name;
  }

  get deleted(): Promise<void> {
    return this.#deleted.promise;
  }

  container(name: string): RunningContainer | undefined {
    return this.#containers.get(name);
  }

  run(): Promise<void> {
    this.#over ??= this.#run();
    return this.#over;
  }

  async #run(): Promise<void> {
    await this.#prepare();
    const phase = await this.#runAll();
    await this.#endContainers();
    await Promise.all(this.#sidecars);
    if (phase !== undefined) this.#status((status) => Object.assign(status, { phase }));
    this.#left();
  }

  /** It was deleted: asks its containers to end, then ends them by force. */
  async end(): Promise<void> {
    await this.#endContainers();
    await this.run();
    this.#left();
  }

  /** Once, whoever asks: a removal that is under way is waited for. */
  remove(): Promise<void> {
    this.#removed ??= this.#remove();
    return this.#removed;
  }

  async #remove(): Promise<void> {
    await Promise.all(this.#sidecars);
    await Promise.all(this.#made.map((one) => one.remove()));
    await rm(this.#rooms.folder, { recursive: true, force: true });
  }

  get #spec(): PodSpec {
    return this.#pod.spec as unknown as PodSpec;
  }

  async #prepare(): Promise<void> {
    const { volumes = [], initContainers = [], containers } = this.#spec;
    const statuses = (all: readonly Container[]) =>
      all.map(({ name, image }) => ({
        name,
        image,
        state: { waiting: { reason: "PodInitializing" } },
        ready: false,
        restartCount: 0,
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
  }

  /** Gives the phase that the pod ends in; undefined: it was deleted. */
  async #runAll(): Promise<"Succeeded" | "Failed" | undefined> {
    const { initContainers = [], containers } = this.#spec;
    for (const container of initContainers) {
      if (this.#ending.signal.aborted) return undefined;
      if (container.restartPolicy === "Always") await this.#startSidecar(container);
      else if ((await this.#runOne(container, "initContainerStatuses")) !== 0) {
        return this.#ending.signal.aborted ? undefined : "Failed";
      }
    }
    if (this.#ending.signal.aborted) return undefined;
    this.#status((status) => Object.assign(status, { phase: "Running" }));
    const codes = await Promise.all(containers.map((one) => this.#runOne(one, "containerStatuses")));
    if (this.#ending.signal.aborted) return undefined;
    return codes.every((code) => code === 0) ? "Succeeded" : "Failed";
  }

  /** Resolves when it has started once. */
  async #startSidecar(container: Container): Promise<void> {
    const started = Promise.withResolvers<void>();
    this.#sidecars.push(this.#keepUp(container, started.resolve).finally(started.resolve));
    await started.promise;
  }

  async #keepUp(container: Container, started: () => void): Promise<void> {
    const { signal } = this.#ending;
    let backOffMs = 0;
    for (let restartCount = 0; !signal.aborted; restartCount++) {
      await this.#runOne(container, "initContainerStatuses", { started, restartCount });
      if (signal.aborted) return;
      if (backOffMs > 0) {
        const waiting = { reason: "CrashLoopBackOff", message: "back-off restarting failed container" };
        this.#setState(container, "initContainerStatuses", { state: { waiting } });
        await pause(backOffMs, undefined, { signal }).catch(() => undefined);
      }
      backOffMs = Math.min(Math.max(2 * backOffMs, this.#rooms.backOffMs), 300_000);
    }
  }

  #endContainers(): Promise<void> {
    this.#ended ??= this.#endNow();
    return this.#ended;
  }

  async #endNow(): Promise<void> {
    this.#ending.abort();
    await endInOrder(this.#spec, this.#containers);
  }

  /** A pod that is being deleted goes once its containers have ended. */
  #left(): void {
    const { namespace, name, uid } = this.#pod.metadata;
    const found = this.#rooms.api.store.find("pods", namespace, name);
    if (found?.metadata.uid === uid && found.metadata.deletionTimestamp)
      this.#rooms.api.store.remove("pods", found);
    if (found?.metadata.uid !== uid || found.metadata.deletionTimestamp) this.#deleted.resolve();
  }

  async #runOne(
    container: Container,
    kind: Kind,
    { started: tell = () => {}, restartCount = 0 } = {},
  ): Promise<number> {
    const set = (state: Record<string, unknown>, started = false) =>
      this.#setState(container, kind, { state, started, restartCount });
    let env: Record<string, string>;
    try {
      env = this.#environment(container);
    } catch (error) {
      // As of a pod whose Secret is gone. Who is to be started again is tried again, all others have no Secret that goes.
      if (container.restartPolicy !== "Always") throw error;
      set({ waiting: { reason: "CreateContainerConfigError", message: String(error) } });
      return 128;
    }
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
    const { address } = started;
    this.#made.push(started);
    this.#containers.set(container.name, started);
    const running = { running: { startedAt: now() } };
    // A pod has one address; here it is that of the container that is asked.
    this.#status((status) => Object.assign(status, { podIP: address }));
    set(running, !container.startupProbe);
    // Its pod was told to end while it was on its way.
    if (this.#ending.signal.aborted) await started.stop(0);
    const over = new AbortController();
    void started.ended.then(() => over.abort());
    void untilStarted({ container, address, signal: over.signal }).then((answers) => {
      if (over.signal.aborted) return;
      if (!answers) return void started.stop(0);
      set(running, true);
      tell();
    });
    const { exitCode, outOfMemory } = await started.ended;
    over.abort();
    const reason = outOfMemory ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error";
    set({ terminated: { exitCode, reason } });
    return exitCode;
  }

  #setState({ name }: Container, kind: Kind, change: { started?: boolean; [key: string]: unknown }): void {
    this.#status((status) => {
      const all = (status[kind] ?? []) as { name: string; ready: boolean }[];
      const ready = change.started === true && kind === "containerStatuses";
      const own = all.map((one) => (one.name === name ? { ...one, ...change, ready } : one));
      status[kind] = own;
      if (kind === "initContainerStatuses") return;
      const isReady = own.every((one) => one.ready);
      const others = (status.conditions as { type: string }[]).filter(({ type }) => type !== "Ready");
      status.conditions = [...others, { type: "Ready", status: isReady ? "True" : "False" }];
    });
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
