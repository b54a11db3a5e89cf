import { setTimeout as pause } from "node:timers/promises";
import { isPassing } from "./api-error.ts";
import type { Connection } from "./connection.ts";
import { LogPlace } from "./log-place.ts";

export interface PodLogOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly signal: AbortSignal;
  /** One piece of output as the container wrote it, its line ends kept. */
  readonly write: (bytes: Buffer) => void;
  /** Whether the container still runs: a stream that ends then has broken off. */
  readonly runs: () => boolean;
  readonly pauseMs?: number;
}

/** A container may be silent for as long as it likes; the connection itself is kept up by TCP. */
const idleMs = 24 * 3_600_000;
/** Of a container that has ended; while it runs, its output is asked for as long as that takes. */
const mostTries = 6;
const longestPauseMs = 10_000;

/**
 * Follows the output of a container that has started, to its end. After a break it goes on where it was: no line is
 * told twice, none is left out as long as the node keeps it. Resolves when the container's output has ended or the
 * signal is aborted; rejects when it cannot be read (the pod is gone, no rights, too many breaks in a row).
 */
export async function followLog(connection: Connection, options: PodLogOptions): Promise<void> {
  const { namespace, pod, container, signal, write, runs, pauseMs = 500 } = options;
  const place = new LogPlace(write);
  for (let tries = 0; !signal.aborted; ) {
    const before = runs();
    const known = place.told;
    try {
      const answer = await connection.send({
        method: "GET",
        path: `/api/v1/namespaces/${namespace}/pods/${pod}/log`,
        query: { container, follow: true, timestamps: true, sinceTime: place.since },
        signal,
        idleMs,
      });
      place.begin();
      for await (const chunk of answer) place.take(chunk as Buffer);
      place.end();
      // It had ended before this stream was opened, so this is all there is.
      if (!before) return;
    } catch (error) {
      if (signal.aborted) return;
      place.breakOff();
      if (place.told > known) tries = 0;
      tries++;
      const broken = !(error instanceof Error && "status" in error);
      if (!(broken || isPassing(error)) || (tries >= mostTries && !runs())) throw error;
    }
    const pausing = Math.min(pauseMs * 2 ** Math.max(0, tries - 1), longestPauseMs);
    await pause(pausing, undefined, { signal }).catch(() => undefined);
  }
}

/** The newest lines of a container's output, for a message; nothing when there are none. */
export async function lastLines(
  connection: Connection,
  { namespace, pod, container, lines }: { namespace: string; pod: string; container: string; lines: number },
): Promise<string> {
  const text = await connection.text({
    method: "GET",
    path: `/api/v1/namespaces/${namespace}/pods/${pod}/log`,
    query: { container, tailLines: lines },
  });
  return text.trimEnd();
}
