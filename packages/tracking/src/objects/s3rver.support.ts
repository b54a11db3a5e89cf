import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";

/** A request that the server has answered. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

export interface S3rver {
  readonly endpoint: string;
  /** Where its objects lie on the disk. */
  readonly directory: string;
  readonly asked: readonly Asked[];
  /** Waits for a request, or finds it among those that were answered. */
  until(wanted: (asked: Asked) => boolean): Promise<Asked>;
  close(): Promise<void>;
}

/**
 * Starts s3rver with the bucket `bucket` in a process of its own: it marks pages of lists with a cipher that Node
 * gives only when asked at the start.
 */
export async function startS3rver(): Promise<S3rver> {
  const directory = await mkdtemp(join(tmpdir(), "scanflow-s3-"));
  const program = join(import.meta.dirname, "s3rver-process.support.ts");
  const execArgv = ["--openssl-legacy-provider", "--no-deprecation"];
  const child = fork(program, [directory, "bucket"], { execArgv });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  const asked: Asked[] = [];
  child.on("message", (message) => asked.push(message as Asked));
  return {
    endpoint: `http://127.0.0.1:${port}`,
    directory,
    asked,
    until: async (wanted) => {
      for (;;) {
        const found = asked.find(wanted);
        if (found) return found;
        await once(child, "message");
      }
    },
    close: async () => {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Sets the variables that lead to the server until the test ends. */
export function useS3(endpoint: string, secret = "S3RVER"): void {
  vi.stubEnv("AWS_ENDPOINT_URL_S3", endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "S3RVER");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secret);
  vi.stubEnv("AWS_REGION", "us-east-1");
  onTestFinished(() => void vi.unstubAllEnvs());
}
