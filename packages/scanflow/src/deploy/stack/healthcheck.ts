import type { Environment } from "@scanflow/core";
import { literal, type StackHealthcheck } from "./stack-service.ts";

const pace = { interval: "10s", timeout: "5s", retries: 6, start_period: "30s" } as const;

/** Asks with the Node of the image. */
export function nodeHealthcheck(port: number, path: string): StackHealthcheck {
  const ask = `fetch(${JSON.stringify(urlOf(port, path))}).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return { test: ["CMD", "node", "-e", literal(ask)], ...pace };
}

/** Asks with what an image of this environment has: Node, Python, or what its maker put there. */
export function healthcheckOf(environment: Environment, port: number, path: string): StackHealthcheck {
  switch (environment.kind) {
    case "host":
    case "node":
      return nodeHealthcheck(port, path);
    case "python": {
      const ask = `import urllib.request; urllib.request.urlopen(${JSON.stringify(urlOf(port, path))}, timeout=4)`;
      return { test: ["CMD", "python", "-c", literal(ask)], ...pace };
    }
    default: {
      const url = `'${urlOf(port, path).replaceAll("'", "'\\''")}'`;
      const ask = `wget -q -O /dev/null ${url} || curl -fsS -o /dev/null ${url}`;
      return { test: ["CMD-SHELL", literal(ask)], ...pace };
    }
  }
}

function urlOf(port: number, path: string): string {
  return `http://127.0.0.1:${port}${path}`;
}
