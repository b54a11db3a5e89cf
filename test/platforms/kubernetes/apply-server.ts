import { once } from "node:events";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { shared } from "../shared.ts";

interface Kept {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

type Recorded = Readonly<Record<string, { c: number; h: Record<string, string>; b: string }>>;

/** An API server that keeps what kubectl applies, beside the recorded answers of a 1.20 about its kinds. */
export interface ApplyServer {
  readonly url: string;
  /** What is there, as `kind name`, sorted. */
  readonly kept: () => readonly string[];
  /** Answers requests about its kinds from now on as one that the platform is missing from, or as one that refuses. */
  answer: number | null;
  close(): Promise<void>;
}

/**
 * As much of the API as `kubectl apply --server-side`, `diff` and `delete` ask for: objects are kept as they come, found
 * by name and by label, and gone at once when they are deleted.
 */
export async function startApplyServer(): Promise<ApplyServer> {
  const recorded: Recorded = JSON.parse(
    gunzipSync(readFileSync(shared("kubernetes/recorded.json.gz"))).toString(),
  );
  const objects = new Map<string, Kept>();
  const reply = (request: IncomingMessage, body: string): [number, unknown] => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://api");
    const known = objects.get(pathname);
    if (request.method === "PATCH") {
      const given: Kept = parse(body);
      const merged = { ...known, ...given };
      if (searchParams.get("dryRun") === null) objects.set(pathname, merged);
      return [known ? 200 : 201, merged];
    }
    if (request.method === "DELETE" && known) {
      objects.delete(pathname);
      return [200, { kind: "Status", apiVersion: "v1", status: "Success" }];
    }
    if (request.method === "GET" && known) return [200, known];
    const wanted = searchParams.get("labelSelector");
    if (request.method === "GET" && wanted !== null) {
      const items = [...objects]
        .filter(
          ([path, { metadata }]) => path.startsWith(`${pathname}/`) && hasLabels(metadata.labels, wanted),
        )
        .map(([, object]) => object);
      return [200, { kind: "List", apiVersion: "v1", metadata: {}, items }];
    }
    return [404, { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 }];
  };
  const server = createServer((request, response) => void answerTo(request, response));
  const answerTo = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? "/", "http://api");
    const body = await text(request);
    if (started.answer !== null)
      return send(response, started.answer, { kind: "Status", code: started.answer });
    const found =
      recorded[`${request.method} ${pathname} ${request.headers.accept ?? ""}`] ??
      (pathname === "/version" ? recorded["GET /version application/json, */*"] : undefined);
    if (found) return void response.writeHead(found.c, found.h).end(Buffer.from(found.b, "base64"));
    send(response, ...reply(request, body));
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const started: ApplyServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kept: () => [...objects.values()].map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted(),
    answer: null,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return started;
}

function hasLabels(labels: Readonly<Record<string, string>> = {}, selector: string): boolean {
  return selector.split(",").every((pair) => {
    const [key = "", value = ""] = pair.split("=");
    return labels[key] === value;
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Writes the kubeconfig of a server into a folder; gives its path. */
export async function writeKubeconfig(folder: string, url: string): Promise<string> {
  const file = join(folder, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: url } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user: { token: "t" } }],
    "current-context": "c",
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}
