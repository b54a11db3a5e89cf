import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { deleteObject } from "./deletion.ts";
import { JobController } from "./job-controller.ts";
import { meets } from "./label-selector.ts";
import { merge } from "./merge-patch.ts";
import { COLLECTIONS, type Collection, ObjectStore, type Stored } from "./object-store.ts";
import { Refusal, statusOf } from "./refusal.ts";
import { faultOf } from "./semantics.ts";
import { type WatchFaults, WatchStreams } from "./watch-streams.ts";

/** Serves the output of a container; what kubelets do for the API server. */
export type ServeLog = (
  pod: Stored,
  options: { container: string; follow: boolean; since: string | null; tail: string | null },
  response: ServerResponse,
) => Promise<void>;

/** A rule of a Role. */
export interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}

export interface ApiServerOptions {
  /** Judges an object before it is kept; what it answers is refused as invalid. */
  readonly admit?: (object: unknown) => string | undefined;
  /** Finds the address of a Service while it is made; by default one that leads nowhere. */
  readonly clusterIp?: () => Promise<string>;
  /** Answers a request instead of the server. */
  readonly refuse?: (request: {
    method: string;
    path: string;
    query: URLSearchParams;
  }) => Refusal | undefined;
  /** Whether a request is done and its answer lost. */
  readonly lose?: (request: { method: string; path: string }) => boolean;
  /** Whether the connection breaks in the middle of the answer's body. */
  readonly breakOff?: (request: { method: string; path: string; query: URLSearchParams }) => boolean;
  readonly serveLog?: ServeLog;
  /** What who asks may do, as a Role says it; absent: everything. */
  readonly rules?: readonly Rule[];
  /** Bearer token that every request must have. */
  readonly token?: string;
  readonly version?: { readonly major: string; readonly minor: string };
}

const route =
  /^\/(?:api\/v1|apis\/batch\/v1)(?:\/namespaces\/([^/]+))?\/(pods|secrets|services|events|jobs|namespaces)(?:\/([^/]+))?(?:\/(log|status))?$/;

/**
 * The part of Kubernetes' API that runners use, over real HTTP: versions of objects, lists in pages, watches with
 * bookmarks and 410, finalizers and propagation, merge patches, dry runs. It checks nothing that it is not given
 * a check for. Sources: Kubernetes API concepts; the OpenAPI definitions.
 */
export class ApiServer {
  readonly store = new ObjectStore();
  readonly watches: WatchStreams;
  readonly jobs = new JobController(this.store);
  options: ApiServerOptions;
  readonly requests: string[] = [];
  /** The rights of everything that was asked, such as `get pods/log`. */
  readonly used = new Set<string>();
  /** What who asks may not do, such as `get pods/log`. */
  denied: readonly string[] = [];
  #addresses = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor(options: ApiServerOptions = {}, faults: WatchFaults = {}) {
    this.options = options;
    this.watches = new WatchStreams(this.store, faults);
    this.#makeNamespace("default");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(port = 0): Promise<this> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  /** A restart keeps the objects and closes every connection. */
  async stop(): Promise<void> {
    this.watches.cut();
    this.jobs.forgetDeadlines();
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }

  async restart(): Promise<void> {
    const { port } = this.#server.address() as AddressInfo;
    await this.stop();
    await this.start(port);
  }

  #makeNamespace(name: string): void {
    // Namespaces lie in no namespace: here in one without a name.
    this.store.create("namespaces", "", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://api");
    this.requests.push(`${request.method} ${url.pathname}${url.search}`);
    try {
      const asked = { method: request.method ?? "", path: url.pathname, query: url.searchParams };
      const refusal = this.options.refuse?.(asked);
      if (refusal) throw refusal;
      if (this.options.lose?.(asked)) response.end = lost;
      if (this.options.breakOff?.(asked)) response.end = brokenOff;
      const { token } = this.options;
      if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
        throw new Refusal(401, "Unauthorized", "Unauthorized");
      }
      await this.#route(request, url, response);
    } catch (error) {
      const refused = error instanceof Refusal ? error : new Refusal(500, "InternalError", String(error));
      if (response.headersSent) response.destroy();
      else send(response, refused.status, statusOf(refused));
    }
  }

  async #route(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    if (url.pathname === "/version") {
      send(response, 200, this.options.version ?? { major: "1", minor: "34" });
      return;
    }
    if (url.pathname.endsWith("/selfsubjectaccessreviews")) {
      send(response, 201, this.#review(JSON.parse(await text(request))));
      return;
    }
    const [, namespace, collection, name, sub] = route.exec(url.pathname) ?? [];
    if (collection === undefined) {
      throw new Refusal(404, "NotFound", "the server could not find the requested resource");
    }
    this.#authorize(request.method ?? "", url, { collection, name, sub });
    const place = {
      collection: collection as Collection,
      namespace: collection === "namespaces" ? "" : decodeURIComponent(namespace ?? ""),
      query: url.searchParams,
    };
    if (name === undefined && request.method === "GET") {
      if (place.query.get("watch") === "true") this.watches.open(place, response);
      else send(response, 200, this.#list(place));
      return;
    }
    if (request.method === "POST") {
      send(response, 201, await this.#create(place, JSON.parse(await text(request))));
      return;
    }
    const object = this.store.get(place.collection, place.namespace, decodeURIComponent(name ?? ""));
    if (sub === "log") {
      const container = place.query.get("container") ?? "";
      if (!this.options.serveLog) throw new Refusal(404, "NotFound", "no node keeps this log");
      await this.options.serveLog(
        object,
        {
          container,
          follow: place.query.get("follow") === "true",
          since: place.query.get("sinceTime"),
          tail: place.query.get("tailLines"),
        },
        response,
      );
      return;
    }
    const body = await text(request);
    if (request.method === "GET") send(response, 200, object);
    else if (request.method === "PATCH") send(response, 200, this.#patch(place.collection, object, body));
    else if (request.method === "DELETE") {
      const options = body === "" ? {} : (JSON.parse(body) as { propagationPolicy?: string });
      send(response, 200, deleteObject(this.store, place.collection, object, options.propagationPolicy));
    } else
      throw new Refusal(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
      );
  }

  /** RBAC of one namespace. Source: Kubernetes, "Determine the request verb". */
  #authorize(
    method: string,
    { pathname, searchParams }: URL,
    { collection, name, sub }: { collection: string; name: string | undefined; sub: string | undefined },
  ): void {
    const { rules } = this.options;
    const verb = verbOf(method, name !== undefined, searchParams.get("watch") === "true");
    const resource = [collection, sub].filter(Boolean).join("/");
    const right = `${verb} ${resource}`;
    this.used.add(right);
    const group = /^\/apis\/([^/]+)/.exec(pathname)?.[1] ?? "";
    const isGranted = rules?.some(
      ({ apiGroups = [], resources = [], verbs }) =>
        apiGroups.includes(group) && resources.includes(resource) && verbs.includes(verb),
    );
    if (isGranted === false) {
      const what = `cannot ${verb} resource "${resource}" in API group "${group}"`;
      throw new Refusal(403, "Forbidden", `${resource} is forbidden: User "tester" ${what}`);
    }
  }

  #review(review: {
    readonly spec: { readonly resourceAttributes: Readonly<Record<string, string>> };
  }): unknown {
    const { verb, resource, subresource } = review.spec.resourceAttributes;
    const asked = `${verb} ${[resource, subresource].filter(Boolean).join("/")}`;
    return { ...review, status: { allowed: !this.denied.includes(asked) } };
  }

  #list({ collection, namespace, query }: Place): unknown {
    const all = this.store
      .list(collection, namespace)
      .filter(({ metadata }) => meets(metadata.labels, query.get("labelSelector")));
    const from = Number(query.get("continue") ?? 0);
    const limit = Number(query.get("limit") ?? 0) || all.length;
    const left = all.length - from - limit;
    return {
      kind: `${COLLECTIONS[collection].kind}List`,
      apiVersion: COLLECTIONS[collection].apiVersion,
      metadata: {
        resourceVersion: String(this.store.version),
        ...(left > 0 && { continue: String(from + limit), remainingItemCount: left }),
      },
      items: all.slice(from, from + limit),
    };
  }

  async #create({ collection, namespace, query }: Place, body: Stored): Promise<unknown> {
    if (collection !== "namespaces" && !this.store.find("namespaces", "", namespace)) {
      throw new Refusal(404, "NotFound", `namespaces "${namespace}" not found`, {
        kind: "namespaces",
        name: namespace,
      });
    }
    const wrong = this.options.admit?.(body);
    if (wrong !== undefined) throw new Refusal(400, "BadRequest", `strict decoding error: ${wrong}`);
    const fault = faultOf(body);
    if (fault !== undefined) throw new Refusal(422, "Invalid", `${body.kind} is invalid: ${fault}`);
    if (query.get("dryRun") === "All") return body;
    if (collection !== "services" || this.store.find(collection, namespace, body.metadata.name))
      return this.store.create(collection, namespace, body);
    const clusterIP = (await this.options.clusterIp?.()) ?? `10.96.0.${++this.#addresses}`;
    return this.store.create(collection, namespace, { ...body, spec: { ...body.spec, clusterIP } });
  }

  #patch(collection: Collection, object: Stored, body: string): unknown {
    return this.store.update(collection, object, (draft) => {
      merge(draft, JSON.parse(body) as Record<string, unknown>);
    });
  }
}

interface Place {
  readonly collection: Collection;
  readonly namespace: string;
  readonly query: URLSearchParams;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function verbOf(method: string, isNamed: boolean, isWatch: boolean): string {
  if (method === "GET") return isNamed ? "get" : isWatch ? "watch" : "list";
  const verbs: Readonly<Record<string, string>> = {
    POST: "create",
    PATCH: "patch",
    DELETE: "delete",
    PUT: "update",
  };
  return verbs[method] ?? method.toLowerCase();
}

/** In place of an answer's end: half of it goes out, and then nothing. */
function brokenOff(this: ServerResponse, body?: unknown): ServerResponse {
  const text = String(body);
  this.write(text.slice(0, text.length / 2), () => this.destroy());
  return this;
}

/** In place of an answer's end. */
function lost(this: ServerResponse): ServerResponse {
  this.destroy();
  return this;
}
