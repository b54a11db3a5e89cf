import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import type { OpenTracker } from "../engine/index.ts";

/**
 * Trackers of workflows that do not lie in the owner's folder but run as servers of their own, as in a Compose project:
 * `SCANFLOW_TRACKERS` names them, such as `tracker-workflow3=http://tracker-workflow3:8003`, several with spaces
 * between, with `*` for the one that is inside the owner otherwise; `SCANFLOW_TRACKER_TOKEN` is the token of an admin of
 * theirs. A file beside the folder's own trackers keeps that there is one, since what it refers to in the artifact store
 * is then not known here. Errors: SCANFLOW_TRACKER_URL.
 */
export class RemoteTrackers {
  readonly #urls: ReadonlyMap<string, string>;
  readonly #token: string | undefined;
  readonly #folder: string;
  readonly #open = new Map<string, Promise<OpenTracker>>();

  constructor(folder: string, environment: NodeJS.ProcessEnv) {
    const { SCANFLOW_TRACKERS: list = "", SCANFLOW_TRACKER_TOKEN: token } = environment;
    this.#folder = folder;
    this.#urls = new Map(list.split(/\s+/).filter(Boolean).map(readPair));
    this.#token = token || undefined;
  }

  /** The tracker with this id, or of this name, when it runs elsewhere. */
  async open(id: string): Promise<OpenTracker | undefined> {
    const url = this.urlOf(id);
    if (url === undefined) return undefined;
    const known = this.#open.get(url);
    if (known) return known;
    const opening = this.#reach(id, url);
    this.#open.set(url, opening);
    return opening;
  }

  /** Refuses what needs a tracker's own database. Errors: SCANFLOW_TRACKER_REMOTE. */
  refuse(id: string): void {
    const url = this.urlOf(id);
    if (url === undefined) return;
    throw new ScanflowError(
      "SCANFLOW_TRACKER_REMOTE",
      `The tracker "${id}" runs at ${url}: what it keeps is looked at, moved and removed there. Use the MLflow API of that server, or the commands with its --store.`,
    );
  }

  /** Where the tracker with this id, or of this name, runs elsewhere. */
  urlOf(id: string): string | undefined {
    if (id === "") return this.#urls.get("*");
    return this.#urls.get(id) ?? this.#urls.get(id.slice(id.lastIndexOf("/") + 1));
  }

  async #reach(id: string, url: string): Promise<OpenTracker> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(join(this.#folder, `${id.replaceAll("/", ".")}.remote`), `${url}\n`);
    const { remoteLedger } = await import("@scanflow/tracking/server");
    return { tracking: remoteLedger({ url, token: this.#token }), store: null, uri: url, token: this.#token };
  }
}

function readPair(pair: string): [name: string, url: string] {
  const at = pair.indexOf("=");
  const [name, text] = [pair.slice(0, at), pair.slice(at + 1)];
  const url = URL.parse(text);
  if (at > 0 && url && /^https?:$/.test(url.protocol) && url.password === "") {
    return [name, url.href.replace(/\/+$/, "")];
  }
  throw new ScanflowError(
    "SCANFLOW_TRACKER_URL",
    `The variable SCANFLOW_TRACKERS has "${at > 0 ? `${name}=…` : pair}", which is no name=http://host:port. Correct it; a token goes into SCANFLOW_TRACKER_TOKEN.`,
  );
}
