import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { all } from "../api/all.test.support.ts";
import type { Client, WatchMessage } from "../api/index.ts";
import { type Connection, connect } from "./index.ts";

const CONFIG = `application: lab
main: pair
workflows:
  pair:
    params: { word: hello, times: { type: integer, default: 1 } }
    nodes:
      say: { run: "echo {{params.word}} zażółć", params: { word: { expression: params.word } } }
      more: { run: "echo more; echo '{\\"made\\": 2}' > $SCANFLOW_RESULT_FILE", after: [say] }
  gate:
    nodes:
      ask: { kind: approval, message: "Go on?" }
      then: { run: "true", after: [ask] }
  silent:
    nodes:
      mute: { run: "true" }
      never: { run: "true", when: "1 == 2" }
  flaky:
    params: { tries: 1, mood: good }
    nodes:
      try:
        run: "test $SCANFLOW_ATTEMPT -ge {{params.tries}}"
        params: { tries: { expression: params.tries }, mood: { expression: params.mood } }
        retry: { limit: 1, delay: 1ms }
  own:
    nodes:
      mine: { kind: tracker, port: PORT }
      log: { run: "true" }
`;

export async function application(port = 1): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "scanflow-owner-"));
  await writeFile(join(root, "scanflow.yaml"), CONFIG.replace("PORT", String(port)));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

/** The owner, and a second connection that reaches it over HTTP. */
export async function pairOf(root: string): Promise<{ owner: Connection; other: Connection }> {
  const owner = await connect(root, { listen: true });
  onTestFinished(() => owner.close());
  return { owner, other: await connect(root, { listen: true }) };
}

export async function finish(client: Client, run: string): Promise<WatchMessage[]> {
  return all(client.runs.watch({ run }));
}
