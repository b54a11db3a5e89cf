import { rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { dockerEnvironment } from "./daemon.test.support.ts";
import { findEndpoint } from "./endpoint.ts";

/** A socket between a test and its daemon, which stays as it is: what goes over it can be cut off or held back. */
export interface Wire {
  /** The environment in which the daemon is found behind it. */
  readonly env: NodeJS.ProcessEnv;
  /** Breaks all connections, as the end of the daemon does, and takes no new ones. */
  cut(): void;
  /** All goes over it again. */
  mend(): void;
  /** Never passes on requests that begin so, such as `DELETE `: whoever sends one waits. */
  hold(begin: string): void;
}

let count = 0;

export async function openWire(): Promise<Wire> {
  const env = dockerEnvironment();
  const endpoint = findEndpoint(env);
  if (endpoint.kind !== "socket") throw new Error("the tests' daemon is reached by a socket");
  count += 1;
  const path = join(tmpdir(), `scanflow-wire-${process.pid}-${count}.sock`);
  const open = new Set<Socket>();
  let isCut = false;
  let held: string | null = null;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(endpoint.path);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one
        .on("error", () => undefined)
        .on("close", () => {
          open.delete(one);
          other.destroy();
        });
    }
    far.pipe(near);
    near.on("data", (bytes) => {
      if (held === null || !bytes.subarray(0, held.length).equals(Buffer.from(held))) far.write(bytes);
    });
    near.on("end", () => far.end());
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(path, { force: true });
  });
  return {
    env: { ...env, DOCKER_HOST: `unix://${path}` },
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend() {
      isCut = false;
      held = null;
    },
    hold(begin) {
      held = begin;
    },
  };
}
