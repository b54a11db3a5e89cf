import { setTimeout as pause } from "node:timers/promises";
import { type Docker, listNetworks, needNetwork, removeNetwork } from "../../docker/index.ts";
import { platformName } from "../../platform-name.ts";
import { filterOf, type Labels, runLabels, runOf } from "../docker/labels.ts";
import type { AttemptSpec } from "../runner.ts";

const everyMs = 250;
/** A network is given back only after its last container is gone from its node. */
const patienceMs = 30_000;

/** An overlay network for each workflow of a run, over all nodes. */
export class RunNetworks {
  readonly #docker: Docker;
  readonly #owner: Labels;
  readonly #networks = new Map<string, Promise<string>>();
  readonly #names = new Map<string, Set<string>>();

  constructor(docker: Docker, owner: Labels) {
    this.#docker = docker;
    this.#owner = owner;
  }

  /** Id of the network of an attempt's workflow, made now when it is not there. */
  need(spec: Pick<AttemptSpec, "run" | "origin">): Promise<string> {
    const { run, origin } = spec;
    const name = platformName(["scanflow", run, origin?.group || origin?.workflow].filter(Boolean).join("-"));
    const known = this.#networks.get(name);
    if (known) return known;
    const made = needNetwork(this.#docker, name, {
      driver: "overlay",
      attachable: true,
      labels: { ...this.#owner, ...runLabels(spec) },
    }).then(({ Id }) => Id);
    this.#networks.set(name, made);
    this.#names.set(run, (this.#names.get(run) ?? new Set()).add(name));
    made.catch(() => this.#networks.delete(name));
    return made;
  }

  /** Removes those of a run. */
  async leave(run: string): Promise<void> {
    const names = this.#names.get(run) ?? [];
    this.#names.delete(run);
    await Promise.all(
      Array.from(names, async (name) => {
        const id = await this.#networks.get(name)?.catch(() => undefined);
        this.#networks.delete(name);
        if (id !== undefined) await removePatiently(this.#docker, id);
      }),
    );
  }

  /** Removes those of runs of earlier owners that nobody takes up any more. */
  async removeLeft(mayGoOn: (run: string) => Promise<boolean>): Promise<void> {
    for (const { Id, Driver, Labels } of await listNetworks(this.#docker, filterOf(this.#owner))) {
      const run = runOf(Labels);
      if (Driver !== "overlay" || (run !== undefined && (await mayGoOn(run)))) continue;
      await removeNetwork(this.#docker, Id).catch(() => undefined);
    }
  }
}

async function removePatiently(docker: Docker, id: string): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await removeNetwork(docker, id);
    } catch (error) {
      if (Date.now() >= until) throw error;
      await pause(everyMs);
    }
  }
}
