import { mkdtemp, rm, watch, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openWorkdir } from "./runners/contract/workdir.ts";
import { readWorkerSettings } from "./runners/worker/settings.ts";

/** What happens to a file, told by the system: `rename` it comes, `change` something is written into it. */
async function eventsOf(file: string, act: () => void): Promise<string[]> {
  const stop = new AbortController();
  const events: string[] = [];
  const changes = watch(dirname(file), { signal: stop.signal });
  const watched = (async () => {
    for await (const { eventType, filename } of changes) {
      if (filename === basename(file)) events.push(eventType);
      if (filename === "last") return;
    }
  })();
  act();
  await writeFile(join(dirname(file), "last"), "");
  await watched;
  stop.abort();
  return events;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "scanflow-whole-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test("the params that tasks without any share are there whole or not at all", async () => {
  const path = await folder();
  const params = join(path, "empty-params.json");
  const scratch = { result: join(path, "result.json"), heartbeat: join(path, "h"), process: join(path, "p") };
  const open = () => openWorkdir({ params: {} } as never, { inputs: {}, outputs: {}, params, ...scratch });
  expect(await eventsOf(params, open)).toEqual(["rename"]);
});

test("so is the token of all workers, which they may look for at any moment", async () => {
  const file = join(await folder(), "token");
  const read = () => void readWorkerSettings({ SCANFLOW_GATEWAY_TOKEN_FILE: file });
  expect(await eventsOf(file, read)).toEqual(["rename"]);
});
