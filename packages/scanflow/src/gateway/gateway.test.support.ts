import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Bench, type Heard, openBench } from "../runners/bench.test.support.ts";
import type { DoorOptions, OfferedAttempt, WorkerDoor } from "../runners/gateway.ts";
import type { AttemptOutcome, AttemptSpec, LoggedBatch } from "../runners/runner.ts";
import { type GatewayOptions, ownerGateway } from "./gateway.ts";

const main = join(import.meta.dirname, "../shim/main.ts");

export interface Shim {
  readonly child: ChildProcess;
  /** Everything that it wrote so far. */
  output(): string;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface GatewayBench extends Bench {
  readonly door: WorkerDoor;
  /** Where a shim has its places. */
  readonly site: { readonly folder: string; readonly root: string };
  offer(given: Partial<AttemptSpec>, options?: OfferOptions): Offered;
  /** A real shim, as a process of this machine. */
  shim(args: readonly string[], variables: Readonly<Record<string, string>>): Shim;
  /** Offers an attempt and has a shim carry it out. */
  carry(given: Partial<AttemptSpec>, options?: OfferOptions): Promise<Carried>;
}

export interface OfferOptions {
  readonly to?: "worker" | "token";
  readonly runs?: boolean;
  readonly attended?: boolean;
  readonly code?: string;
  readonly bearer?: string;
  readonly events?: Partial<Heard>;
}

export interface Offered {
  readonly spec: AttemptSpec;
  readonly attempt: OfferedAttempt;
  readonly lines: string[];
  readonly batches: LoggedBatch[];
  readonly begun: Promise<void>;
  /** Where a service can be asked, once it can. */
  readonly up: Promise<string>;
}

export interface Carried extends Offered {
  readonly outcome: AttemptOutcome;
  readonly shim: Shim;
}

/** A gateway on loopback with a real artifact store; shims run as processes of this machine. */
export async function gatewayBench(
  options: Partial<GatewayOptions & DoorOptions> = {},
): Promise<GatewayBench> {
  const bench = await openBench();
  const { artifacts } = bench;
  const gateway = ownerGateway({ artifacts, graceMs: 300, beatMs: 500, ...options });
  onTestFinished(() => gateway.close());
  const door = await gateway.open({ host: "127.0.0.1", workerToken: "of-all-workers", ...options });
  const site = { folder: join(bench.root, "../site"), root: bench.root };
  await mkdir(site.folder);

  function offer(given: Partial<AttemptSpec>, { events, to = "token", ...rest }: OfferOptions = {}): Offered {
    const spec = bench.spec(given);
    const lines: string[] = [];
    const batches: LoggedBatch[] = [];
    const begun = Promise.withResolvers<void>();
    const up = Promise.withResolvers<string>();
    const listener = {
      started() {
        begun.resolve();
        events?.started?.();
      },
      line(line: string) {
        lines.push(line);
        events?.line?.(line);
      },
      logged: (batch: LoggedBatch) => batches.push(batch),
      ready: up.resolve,
    };
    const attempt = door.offer({ spec, listener, to, ...rest });
    return { spec, attempt, lines, batches, begun: begun.promise, up: up.promise };
  }

  function shim(args: readonly string[], variables: Readonly<Record<string, string>>): Shim {
    return startShim(args, { SCANFLOW_FOLDER: site.folder, SCANFLOW_ROOT: site.root, ...variables });
  }

  return {
    ...bench,
    door,
    site,
    offer,
    shim,
    async carry(given, options) {
      const offered = offer(given, options);
      const carrier = shim(["run"], offered.attempt.variables);
      const outcome = await offered.attempt.done;
      await carrier.exit;
      return { ...offered, outcome, shim: carrier };
    },
  };
}

/** A shim as a process of this machine; it ends with the test. */
export function startShim(args: readonly string[], variables: Readonly<Record<string, string>>): Shim {
  const child = spawn(process.execPath, ["--conditions=source", main, ...args], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exit;
  });
  return { child, output: () => output, exit };
}

export interface Way {
  readonly url: string;
  /** Leads to this port from now on; what was connected is cut off. 0: nowhere. */
  lead(port: number): void;
}

/** An address that leads to one door and then to another, as that of an owner that died and was started anew. */
export async function openWay(): Promise<Way> {
  let target = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    if (target === 0) return void socket.destroy();
    const onward = connect(target, "127.0.0.1");
    onward.on("error", () => socket.destroy());
    socket.pipe(onward).pipe(socket);
    socket.on("close", () => onward.destroy());
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    lead(to) {
      target = to;
      cut();
    },
  };
}

/** What a shim would send, for what no shim of ours sends. */
export async function say(url: string, { token, method = "POST", body, type }: Said): Promise<Answered> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": type ?? "application/json" }),
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, json: () => JSON.parse(text) };
}

export interface Said {
  readonly token?: string | undefined;
  readonly method?: string;
  readonly body?: unknown;
  readonly type?: string;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of any form
  json(): any;
}
