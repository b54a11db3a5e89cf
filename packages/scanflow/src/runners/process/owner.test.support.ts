/** An owner in a process of its own: runs one attempt and says what it prints, until it is killed. */
import { existsSync, watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openArtifactStore } from "@scanflow/tracking/artifacts";
import { scratchFiles } from "../contract/places.ts";
import { processRunner } from "../process-runner.ts";

const [folder = "", line = ""] = process.argv.slice(2);
const artifacts = await openArtifactStore({ root: join(folder, "artifacts"), durable: false });
const runner = processRunner({ artifacts, cacheDir: join(folder, "cache"), graceMs: 300 });
const workdir = join(folder, "work/t.1");
const record = scratchFiles(workdir).process;
await mkdir(dirname(record), { recursive: true });
let printed = 0;
const say = () => {
  if (printed < 3 || !existsSync(record)) return;
  process.stdout.write("recorded\n");
  watcher.close();
};
const watcher = watch(dirname(record), say);
runner.start(
  {
    run: "r",
    task: "t",
    attempt: 1,
    token: "token-of-owner",
    workdir,
    root: folder,
    command: { kind: "command", command: ["sh", "-c", line] },
    inputs: {},
    outputs: {},
    params: {},
    environment: { kind: "host" },
    env: {},
    secrets: [],
    timeout: { startMs: null, runMs: null, heartbeatMs: null },
    tracking: { uri: "", experimentId: "", runId: "" },
    checkpoint: join(folder, "checkpoint"),
    log: join(folder, "t.log"),
  },
  {
    started: () => undefined,
    ready: () => undefined,
    logged: () => undefined,
    line: (text) => {
      process.stdout.write(`${text}\n`);
      printed += 1;
      say();
    },
  },
);
