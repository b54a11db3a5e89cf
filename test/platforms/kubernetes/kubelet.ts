import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiServer } from "./api-server.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import type { Stored } from "./object-store.ts";
import { RunningPod } from "./running-pod.ts";

/** A node of the fake cluster: takes every pod that has none and runs it in a real container runtime. */
export class Kubelet {
  readonly #api: ApiServer;
  readonly #runtime: ContainerRuntime;
  /** Between the second time that a sidecar ends and its next start; each further pause is twice as long. */
  backOffMs = 10_000;
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

  /** Of a pod, by name: what runs now, or ran last. */
  container(pod: string, name: string) {
    return [...this.#pods.values()].find((one) => one.name === pod)?.container(name);
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
      backOffMs: this.backOffMs,
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
