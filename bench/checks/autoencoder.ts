import { availableParallelism } from "node:os";
import { createOnnxRuntime } from "scanflow/inference";
import { hasData } from "../detectors/known-tables.ts";
import { readMnist } from "../detectors/mnist.ts";
import { line } from "../measure.ts";
import { convolutional, dense, epochs, size } from "./autoencoder-epochs.ts";
import { scoring } from "./autoencoder-scoring.ts";

const rows = 10_000;

/**
 * `npm run bench -- autoencoder`: an epoch beside PyTorch's on the same nets, dense and convolutional, in turns, and
 * how fast rows are scored. The convolutional one learns MNIST's images, where SCANFLOW_DATA has them. On a busy
 * machine `npm run bench -- autoencoder 1` takes one thread: threads that wait for each other measure the others' load.
 */
export async function run(): Promise<void> {
  const threads = Number(
    process.argv.find((word) => /^\d+$/.test(word)) ?? Math.min(4, availableParallelism()),
  );
  const values = Float32Array.from({ length: rows * size }, (_, at) => ((at * 2_654_435_761) % 1009) / 1009);
  const runtime = createOnnxRuntime({ threads });
  const machine = { runtime, threads };
  try {
    line(
      `Denoising autoencoders of 784 pixels: dense 784-128-32-128-784; convolutional 1-8-16-(32)-16-8-1. Batch 128, ` +
        `${rows} rows an epoch, normal noise, Adam; ${threads} threads, in turns`,
    );
    line("");
    line("| network | s an epoch, median (spread) | to PyTorch | s of processors | to PyTorch |");
    line("| --- | --- | --- | --- | --- |");
    const torch = await epochs({ name: "dense", network: dense, values }, machine);
    if (hasData("mnist")) {
      const images = readMnist("train").pixels.slice(0, rows * size);
      await epochs({ name: "convolutional", network: convolutional, values: images }, machine);
    } else line("| convolutional: MNIST is not there; SCANFLOW_DATA names its folder | | | | |");
    line("");
    await scoring(runtime, values);
    line(`| PyTorch, the network alone, batches of 256 | | | ${Math.round(torch)} |`);
  } finally {
    await runtime.close();
  }
}
