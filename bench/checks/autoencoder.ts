import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { batchOf } from "@scanflow/checks";
import { fitDetector } from "@scanflow/checks/detector";
import { exportNetwork, initialWeights, type Network, type Noise, trainNetwork } from "@scanflow/checks/nn";
import type { OnnxSession } from "@scanflow/checks/onnx";
import { createOnnxRuntime } from "scanflow/inference";
import { line, median, ratio } from "../measure.ts";
import { pythonWith } from "../python-environment.ts";

const rows = 10_000;
const size = 784;
const repeats = 9;

const network: Network = {
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

/** `npm run bench -- autoencoder`: an epoch beside PyTorch's on the same net, in turns, and how fast rows are scored. */
export async function run(): Promise<void> {
  const threads = Math.min(4, availableParallelism());
  const values = Float32Array.from({ length: rows * size }, (_, at) => ((at * 2_654_435_761) % 1009) / 1009);
  const runtime = createOnnxRuntime({ threads });
  const peer = await startPeer(values, threads);
  const own: number[] = [];
  const theirs: number[] = [];
  try {
    let last = performance.now();
    await trainNetwork(
      network,
      { rows, values },
      {
        runtime,
        epochs: 1,
        noise: noiseOf(values),
      },
    );
    await peer.ask("epoch");
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const epochs: number[] = [];
      last = performance.now();
      await trainNetwork(
        network,
        { rows, values },
        {
          runtime,
          epochs: 3,
          noise: noiseOf(values),
          onEpoch: () => {
            epochs.push((performance.now() - last) / 1000);
            last = performance.now();
          },
        },
      );
      // The first epoch holds the making of the session as well.
      own.push(median(epochs.slice(1)));
      theirs.push(median([await peer.ask("epoch"), await peer.ask("epoch")]));
    }
    line(
      `784-128-32-128-784, batch 128, ${rows} rows an epoch, normal noise, Adam; ${threads} threads, in turns, ${repeats} times`,
    );
    line("");
    line("| | s an epoch, median | ratio to PyTorch |");
    line("| --- | --- | --- |");
    line(`| PyTorch 2.13 | ${median(theirs).toFixed(3)} | 1 |`);
    line(`| Scanflow | ${median(own).toFixed(3)} | ${ratio(own, theirs)} |`);
    line("");
    await scoring(runtime, values);
    const torch = await peer.ask("score");
    line(`| PyTorch, the network alone, batches of 256 | | | ${Math.round(25_600 / torch)} |`);
  } finally {
    peer.end();
    await runtime.close();
  }
}

async function scoring(runtime: ReturnType<typeof createOnnxRuntime>, values: Float32Array): Promise<void> {
  line("| scoring, through the worker thread | one row: p50, µs | p99, µs | rows/s in batches of 256 |");
  line("| --- | --- | --- | --- |");
  const plain = await runtime.open(exportNetwork(network, initialWeights(network, 1)));
  line(`| the network alone | ${await latencies(plain, "y", values)} |`);
  await plain.close();
  const image = { kind: "tensor", name: "image", shape: [28, 28], validity: null } as const;
  const reference = { rows: 6000, columns: [{ ...image, values: values.slice(0, 6000 * size) }] };
  const detector = await fitDetector(reference, { runtime, seed: 1, steps: 100 });
  const whole = await runtime.open(detector.save());
  line(
    `| the default detector, calibrated, with 4,800 neighbours | ${await latencies(whole, "score", values)} |`,
  );
  await whole.close();
  await detector.close();
  const table = batchOf(
    Object.fromEntries(
      Array.from({ length: 20 }, (_, column) => [
        `c${column}`,
        Float64Array.from(values.subarray(column * 2000, column * 2000 + 2000)),
      ]),
    ),
  );
  const small = await fitDetector(table, { runtime, seed: 1, steps: 100 });
  const start = performance.now();
  for (let repeat = 0; repeat < 5; repeat += 1) await small.score(table);
  line(
    `| a table of 20 columns, as ColumnBatch | | | ${Math.round(10_000 / ((performance.now() - start) / 1000))} |`,
  );
  await small.close();
}

async function latencies(session: OnnxSession, output: string, values: Float32Array): Promise<string> {
  const feeds = (count: number) => ({
    x: { shape: [count, size], values: values.subarray(0, count * size) },
  });
  const times: number[] = [];
  for (let call = 0; call < 3000; call += 1) {
    const start = performance.now();
    await session.run([feeds(1)], { outputs: [output] });
    times.push(1000 * (performance.now() - start));
  }
  const sorted = times.slice(500).sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * sorted.length)] ?? 0);
  const start = performance.now();
  for (let call = 0; call < 100; call += 1) await session.run([feeds(256)], { outputs: [output] });
  const perSecond = Math.round(25_600 / ((performance.now() - start) / 1000));
  return `${at(0.5)} | ${at(0.99)} | ${perSecond}`;
}

/** Rows of near normal noise: sums of twelve uniform numbers. */
function noiseOf(values: Float32Array): Noise {
  const bank = 1024;
  const additions = Float32Array.from({ length: bank * size }, (_, at) => {
    let sum = -6;
    for (let part = 0; part < 12; part += 1) sum += values[(at * 7 + part * 65_537) % values.length] ?? 0;
    return 0.2 * sum;
  });
  return { rows: bank, factors: new Float32Array(bank * size).fill(1), additions };
}

async function startPeer(values: Float32Array, threads: number) {
  const python = await pythonWith("torch", ["torch==2.13.0", "numpy"]);
  const folder = await mkdtemp(join(tmpdir(), "scanflow-bench-"));
  const data = join(folder, "rows.f32");
  await writeFile(data, new Uint8Array(values.buffer));
  const script = new URL("autoencoder_torch.py", import.meta.url).pathname;
  const child = spawn(python, [script, data, `${rows}`, `${size}`, `${threads}`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  async function ask(what: "epoch" | "score"): Promise<number> {
    child.stdin.write(`${what}\n`);
    const [answer] = await once(lines, "line");
    return Number(answer);
  }
  return {
    ask,
    end: () => {
      child.stdin.end();
      void rm(folder, { recursive: true });
    },
  };
}
