import { lstatSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { ScanflowError } from "@scanflow/core";
import { forgetCollected, markCollected, wasCollected } from "../runners/contract/collected.ts";
import { containerSite, type Places, placesOf, type Site, sitePlaces } from "../runners/contract/places.ts";
import { removeWorkdir } from "../runners/contract/workdir.ts";
import { notebookDefinition, notebookOutput, notebookProgram } from "../runners/notebook/notebook-program.ts";
import { invalidError, publishOutputs, type Written } from "../runners/outputs.ts";
import type { AttemptSpec } from "../runners/runner.ts";
import type { End, OrderedOutput } from "../shim/protocol.ts";
import type { DoorRooms } from "./door-rooms.ts";
import { requestError } from "./refusal.ts";
import { takeOutput } from "./take-output.ts";

/** The outputs of an attempt as they come: gathered in its folder on this side, published once it has ended well. */
export class RemoteOutputs {
  readonly #spec: AttemptSpec;
  readonly #rooms: Pick<DoorRooms, "artifacts" | "outputLimit">;
  readonly #over: AbortSignal;
  readonly #places: Places;
  readonly #transfers = new Set<Promise<unknown>>();

  constructor(spec: AttemptSpec, rooms: Pick<DoorRooms, "artifacts" | "outputLimit">, over: AbortSignal) {
    this.#spec = spec;
    this.#rooms = rooms;
    this.#over = over;
    this.#places = placesOf(spec, spec.workdir);
  }

  /** Takes one in; what came of it before is replaced. Errors: SCANFLOW_GATEWAY_REQUEST. */
  async take(name: string, kind: "file" | "folder", source: Readable): Promise<void> {
    const place = this.#written().find((one) => one.name === name)?.path;
    if (place === undefined) throw requestError(`There is no output ${JSON.stringify(name)}`);
    const { workdir } = this.#spec;
    const { outputLimit: limitBytes } = this.#rooms;
    const taking = takeOutput(source, { kind, place, workdir, limitBytes, signal: this.#over });
    this.#transfers.add(taking);
    await taking.finally(() => this.#transfers.delete(taking));
  }

  /** Publishes them as the process runner does, and compares what came with what was sent. */
  async publish({ outputs: sent, outputFaults }: End): Promise<Record<string, string>> {
    const { task, workdir } = this.#spec;
    const [fault] = outputFaults;
    if (fault) throw invalidError({ task, name: fault.name }, fault.what);
    if (Object.keys(sent).length > 0) this.#collect(sent);
    const outputs = await publishOutputs(this.#rooms.artifacts, this.#written(), workdir);
    for (const [name, digest] of Object.entries(outputs)) {
      if (sent[name] === digest) continue;
      throw new ScanflowError(
        "SCANFLOW_TRANSFER_BROKEN",
        `Output "${name}" of task "${task}" did not come as it was sent: ${digest} in place of ${sent[name] ?? "nothing"}. Retry the run; if it comes again, look for what stands between the container and the gateway.`,
      );
    }
    return outputs;
  }

  /** A notebook is kept as it was run, even where no output is declared for it. */
  extra(site: Site): OrderedOutput[] {
    const { command, outputs } = this.#spec;
    if (command.kind !== "notebook" || outputs[notebookOutput] !== undefined) return [];
    const places = sitePlaces(this.#spec, site);
    const { target } = notebookProgram(this.#spec, { places, ...site, python: "python" });
    return [{ name: notebookOutput, path: target }];
  }

  /** Waits for what still comes in, and removes everything. */
  async tidy(): Promise<void> {
    await Promise.allSettled(this.#transfers);
    const { workdir } = this.#spec;
    await removeWorkdir(workdir).then(
      () => forgetCollected(workdir),
      () => undefined,
    );
  }

  /** What an owner that died had begun to take into the store is not here any more. Errors: SCANFLOW_ATTEMPT_LOST. */
  #collect(sent: End["outputs"]): void {
    const { task, workdir } = this.#spec;
    const gone = this.#written().find(({ name, path }) => Object.hasOwn(sent, name) && !isThere(path));
    if (!wasCollected(workdir) && !gone) return markCollected(workdir);
    throw new ScanflowError(
      "SCANFLOW_ATTEMPT_LOST",
      `The attempt of task "${task}" is lost: the process that ran Scanflow ended while it took in what the attempt had made. The attempt is made again.`,
    );
  }

  #written(): Written[] {
    const { task, outputs, workdir } = this.#spec;
    const shown = sitePlaces(this.#spec, containerSite).outputs;
    const declared = Object.entries(this.#places.outputs).flatMap(([name, path]): Written[] => {
      const definition = outputs[name];
      return definition ? [{ task, name, definition, path, shown: shown[name] ?? path }] : [];
    });
    const path = join(workdir, "notebook", notebookDefinition.path);
    const extra = this.extra(containerSite).map(({ name }) => {
      return { task, name, definition: notebookDefinition, path };
    });
    return [...declared, ...extra];
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
