import { batchOf, type ColumnBatch } from "@scanflow/checks";
import { type Detector, fitDetector } from "@scanflow/checks/detector";
import { exportNetwork, initialWeights } from "@scanflow/checks/nn";
import type { OnnxRuntime, OnnxSession } from "@scanflow/checks/onnx";
import { line } from "../measure.ts";
import { dense, size } from "./autoencoder-epochs.ts";

/** How fast rows are scored: a network alone, and detectors with all that is in their files. */
export async function scoring(runtime: OnnxRuntime, values: Float32Array): Promise<void> {
  line("| scoring, through the worker thread | one row: p50, µs | p99, µs | rows/s in batches of 256 |");
  line("| --- | --- | --- | --- |");
  const plain = await runtime.open(exportNetwork(dense, initialWeights(dense, 1)));
  line(`| the network alone | ${await latencies(plain, "y", values)} |`);
  await plain.close();
  const image = { kind: "tensor", name: "image", shape: [28, 28], validity: null } as const;
  const reference = { rows: 6000, columns: [{ ...image, values: values.slice(0, 6000 * size) }] };
  for (const kind of ["autoencoder", "pca"] as const) {
    const detector = await fitDetector(reference, { runtime, kind, seed: 1, steps: 100 });
    const session = await runtime.open(detector.save());
    const name =
      kind === "pca" ? "PCA, calibrated" : "the default detector, calibrated, with 4,800 neighbours";
    line(`| ${name} | ${await latencies(session, "score", values)} |`);
    line(`| the same, 6,000 images as ColumnBatch | | | ${await perSecond(detector, reference)} |`);
    await session.close();
    await detector.close();
  }
  const table = batchOf(
    Object.fromEntries(
      Array.from({ length: 20 }, (_, column) => [
        `c${column}`,
        Float64Array.from(values.subarray(column * 2000, column * 2000 + 2000)),
      ]),
    ),
  );
  const small = await fitDetector(table, { runtime, seed: 1, steps: 100 });
  line(`| a table of 20 columns, 2,000 rows as ColumnBatch | | | ${await perSecond(small, table)} |`);
  await small.close();
}

async function perSecond(detector: Detector, rows: ColumnBatch): Promise<number> {
  await detector.score(rows);
  const start = performance.now();
  for (let repeat = 0; repeat < 5; repeat += 1) await detector.score(rows);
  return Math.round((5 * rows.rows) / ((performance.now() - start) / 1000));
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
  const rate = Math.round(25_600 / ((performance.now() - start) / 1000));
  return `${at(0.5)} | ${at(0.99)} | ${rate}`;
}
