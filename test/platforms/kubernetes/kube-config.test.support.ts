import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a kubeconfig with one context and answers its path. */
export function writeKubeConfig(
  folder: string,
  server: string,
  user: Readonly<Record<string, unknown>> = {},
): string {
  const file = join(folder, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "fake",
    clusters: [{ name: "fake-cluster", cluster: { server } }],
    users: [{ name: "tester", user }],
    contexts: [{ name: "fake", context: { cluster: "fake-cluster", user: "tester" } }],
  };
  // JSON is YAML too.
  writeFileSync(file, JSON.stringify(config));
  return file;
}
