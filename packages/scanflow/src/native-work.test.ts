import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const here = (module: string) => JSON.stringify(new URL(module, import.meta.url).href);

/** Ends a thread of a thread while ONNX Runtime multiplies large matrices, in a process of its own. */
function endThread(end: string) {
  const script = `
    import { once } from "node:events";
    import { setTimeout } from "node:timers/promises";
    import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
    import { createGraph, modelOf, writeOnnx } from "@scanflow/checks/onnx";
    import { createOnnxRuntime } from ${here("./inference/index.ts")};
    import { NativeWork } from ${here("./native-work.ts")};
    if (isMainThread) {
      const native = NativeWork.below();
      const worker = new Worker(process.execArgv.at(-1), {
        eval: true,
        execArgv: ["--conditions=source", "--input-type=module-typescript"],
        workerData: native.states,
      });
      await once(worker, "message");
      await setTimeout(100);
      ${end}
    } else {
      NativeWork.of(workerData);
      const graph = createGraph();
      let x = graph.input("x", [600, 600]);
      for (let at = 0; at < 4; at += 1) x = graph.op("MatMul", [x, x]);
      graph.output("y", graph.op("ReduceMax", [x]), null);
      const session = await createOnnxRuntime({ threads: 1 }).open(writeOnnx(modelOf(graph.finish("slow"))));
      const step = { x: { shape: [600, 600], values: new Float32Array(360_000) } };
      await session.run([step]);
      parentPort.postMessage("computes");
      await session.run(Array.from({ length: 1000 }, () => step));
    }`;
  const flags = ["--conditions=source", "--input-type=module-typescript", "-e"];
  const { status, signal, stderr } = spawnSync(process.execPath, [...flags, script], {
    encoding: "utf8",
    timeout: 100_000,
    cwd: import.meta.dirname,
  });
  return { status, signal, stderr };
}

test.each([
  ["is ended", "await native.stop(); await worker.terminate(); native.close();"],
  ["is left as the process exits", "process.exit(0);"],
])("a thread that %s while one below it computes does not take the process with it", (_, end) => {
  expect(endThread(end)).toEqual({ status: 0, signal: null, stderr: "" });
});
