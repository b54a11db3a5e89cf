import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Layer, type Network, type Noise, trainNetwork } from "@scanflow/checks/nn";
import type { OnnxRuntime } from "@scanflow/checks/onnx";
import { line, median, ratio } from "../measure.ts";
import { pythonWith } from "../python-environment.ts";

/** Pixels of an image. */
export const size = 784;

/** What is trained, here and by the peer under the same name. */
interface Contest {
  readonly name: "dense" | "convolutional";
  readonly network: Network;
  readonly values: Float32Array;
}

/** How often either has its turn. */
const turns = 5;

/** What an epoch took. */
interface Seconds {
  readonly wall: number;
  /** Of all threads of the process. */
  readonly cpu: number;
}

interface Machine {
  readonly runtime: OnnxRuntime;
  readonly threads: number;
}

export const dense: Network = {
  input: [size],
  layers: [
    { kind: "dense", units: 128 },
    { kind: "relu" },
    { kind: "dense", units: 32 },
    { kind: "relu" },
    { kind: "dense", units: 128 },
    { kind: "relu" },
    { kind: "dense", units: size },
  ],
};

const conv = (filters: number, stride = 1): Layer => ({ kind: "conv", filters, kernel: 3, stride });

/** As the detector's preset has it for images of 28 × 28. */
export const convolutional: Network = {
  input: [size],
  layers: [
    { kind: "reshape", shape: [1, 28, 28] },
    conv(8, 2),
    { kind: "leaky-relu" },
    conv(16, 2),
    { kind: "leaky-relu" },
    { kind: "reshape", shape: [size] },
    { kind: "dense", units: 32 },
    { kind: "dense", units: size },
    { kind: "leaky-relu" },
    { kind: "reshape", shape: [16, 7, 7] },
    { kind: "upsample", scale: 2 },
    conv(8),
    { kind: "leaky-relu" },
    { kind: "upsample", scale: 2 },
    conv(1),
    { kind: "reshape", shape: [size] },
  ],
};

/** Epochs here and in PyTorch, in turns. Gives the peer's rows a second, of the network alone in batches of 256. */
export async function epochs(
  { name, network, values }: Contest,
  { runtime, threads }: Machine,
): Promise<number> {
  const rows = values.length / size;
  const noise = noiseOf(values);
  const own: Seconds[] = [];
  const theirs: Seconds[] = [];
  const peer = await startPeer(name, values, threads);
  async function train(count: number): Promise<Seconds[]> {
    const seconds: Seconds[] = [];
    let last = { wall: performance.now(), cpu: process.cpuUsage() };
    const onEpoch = () => {
      const { user, system } = process.cpuUsage(last.cpu);
      seconds.push({ wall: (performance.now() - last.wall) / 1000, cpu: (user + system) / 1e6 });
      last = { wall: performance.now(), cpu: process.cpuUsage() };
    };
    await trainNetwork(network, { rows, values }, { runtime, epochs: count, noise, onEpoch });
    return seconds;
  }
  try {
    await train(1);
    await peer.ask("epoch");
    for (let turn = 0; turn < turns; turn += 1) {
      // The first epoch holds the making of the session as well.
      own.push(...(await train(3)).slice(1));
      theirs.push(await peer.ask("epoch"), await peer.ask("epoch"));
    }
    line(`| ${name}: PyTorch 2.13 | ${spread(theirs, "wall")} | 1 | ${spread(theirs, "cpu")} | 1 |`);
    line(
      `| ${name}: Scanflow | ${spread(own, "wall")} | ${against(own, theirs, "wall")} | ` +
        `${spread(own, "cpu")} | ${against(own, theirs, "cpu")} |`,
    );
    return 25_600 / (await peer.ask("score")).wall;
  } finally {
    peer.end();
  }
}

function spread(all: readonly Seconds[], of: keyof Seconds): string {
  const seconds = all.map((one) => one[of]);
  const figure = (value: number) => value.toFixed(3);
  return `${figure(median(seconds))} (${figure(Math.min(...seconds))}–${figure(Math.max(...seconds))})`;
}

function against(own: readonly Seconds[], theirs: readonly Seconds[], of: keyof Seconds): string {
  return ratio(
    own.map((one) => one[of]),
    theirs.map((one) => one[of]),
  );
}

/** Rows of near normal noise: sums of twelve numbers spread evenly. */
function noiseOf(values: Float32Array): Noise {
  const bank = 1024;
  const even = (at: number) => ((at * 2_654_435_761) % 1009) / 1009;
  const additions = Float32Array.from({ length: bank * size }, (_, at) => {
    let sum = -6;
    for (let part = 0; part < 12; part += 1) sum += even((at * 7 + part * 65_537) % values.length);
    return 0.2 * sum;
  });
  return { rows: bank, factors: new Float32Array(bank * size).fill(1), additions };
}

async function startPeer(name: Contest["name"], values: Float32Array, threads: number) {
  const python = await pythonWith("torch", ["torch==2.13.0", "numpy"]);
  const folder = await mkdtemp(join(tmpdir(), "scanflow-bench-"));
  const data = join(folder, "rows.f32");
  await writeFile(data, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const script = new URL("autoencoder_torch.py", import.meta.url).pathname;
  const child = spawn(python, [script, name, data, `${values.length / size}`, `${threads}`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  async function ask(what: "epoch" | "score"): Promise<Seconds> {
    child.stdin.write(`${what}\n`);
    const [answer] = await once(lines, "line");
    const [wall = Number.NaN, cpu = Number.NaN] = String(answer).split(" ").map(Number);
    return { wall, cpu };
  }
  return {
    ask,
    end: () => {
      child.stdin.end();
      void rm(folder, { recursive: true });
    },
  };
}
