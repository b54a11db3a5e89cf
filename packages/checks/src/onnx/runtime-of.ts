import type {
  OnnxRuntime,
  OnnxSession,
  OpenOptions,
  RunOptions,
  RuntimeTensor,
  RuntimeTensors,
} from "./runtime.ts";

type OrtType = "float32" | "int32" | "int64";

/** A tensor of ONNX Runtime. */
export interface OrtTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

interface OrtSession {
  readonly outputNames: readonly string[];
  run(feeds: Record<string, never>, fetches: Record<string, never>): Promise<unknown>;
  release(): Promise<void>;
}

/** What `import * as ort from "onnxruntime-node"`, or `"onnxruntime-web"`, gives. */
export interface OrtLibrary {
  readonly Tensor: new (type: OrtType, data: never, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: {
    create(model: Uint8Array, options: Record<string, unknown>): Promise<OrtSession>;
  };
}

/** How ONNX Runtime computes. */
export interface RuntimeOptions {
  /** Threads of one operation; default 1. */
  readonly threads?: number;
}

/**
 * ONNX Runtime as the runtime that detectors are given. It computes where it is called: in Node, where that would hold
 * up everything else, use `createOnnxRuntime` of `scanflow`, which puts it into a worker thread.
 *
 * @param ort the library: `onnxruntime-web` in a browser, `onnxruntime-node` in a script
 */
export function onnxRuntimeOf(ort: OrtLibrary, { threads = 1 }: RuntimeOptions = {}): OnnxRuntime {
  async function open(model: Uint8Array, { carry = {} }: OpenOptions = {}): Promise<OnnxSession> {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ["cpu"],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
      // Errors are thrown; warnings would go to the program's own output.
      logSeverityLevel: 3,
      // Adam's moments become denormal numbers, at which a step takes twice as long.
      extra: { session: { set_denormal_as_zero: "1" } },
    });
    return new Session(ort, session, carry);
  }
  return { open };
}

class Session implements OnnxSession {
  readonly #ort: OrtLibrary;
  readonly #session: OrtSession;
  readonly #carry: ReadonlyMap<string, string>;
  readonly #kept = new Map<string, OrtTensor>();
  /** Where the next run puts what it carries: swapped with what is kept, so nothing is allocated or copied. */
  readonly #spare = new Map<string, OrtTensor>();

  constructor(ort: OrtLibrary, session: OrtSession, carry: Readonly<Record<string, string>>) {
    this.#ort = ort;
    this.#session = session;
    this.#carry = new Map(Object.entries(carry));
  }

  async keep(values: RuntimeTensors): Promise<void> {
    const carried = new Set(this.#carry.values());
    for (const [name, value] of Object.entries(values)) {
      this.#kept.set(name, this.#tensor({ ...value, values: value.values.slice() }));
      if (carried.has(name)) this.#spare.set(name, this.#tensor({ ...value, values: value.values.slice() }));
    }
  }

  async kept(names: readonly string[]): Promise<RuntimeTensors> {
    return Object.fromEntries(names.map((name) => [name, copied(this.#kept.get(name))]));
  }

  async run(
    steps: readonly RuntimeTensors[],
    { outputs, signal }: RunOptions = {},
  ): Promise<readonly RuntimeTensors[]> {
    const wanted = outputs ?? this.#session.outputNames.filter((name) => !this.#carry.has(name));
    const results: RuntimeTensors[] = [];
    for (const step of steps) {
      signal?.throwIfAborted();
      results.push(await this.#step(step, wanted));
    }
    return results;
  }

  async #step(step: RuntimeTensors, wanted: readonly string[]): Promise<RuntimeTensors> {
    const feeds: Record<string, OrtTensor> = Object.fromEntries(this.#kept);
    for (const [name, value] of Object.entries(step)) feeds[name] = this.#tensor(value);
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of wanted) fetches[name] = null;
    for (const [result, name] of this.#carry) fetches[result] = this.#spare.get(name) ?? null;
    const answer = (await this.#session.run(feeds as never, fetches as never)) as Record<string, OrtTensor>;
    for (const [result, name] of this.#carry) {
      const next = answer[result];
      const last = this.#kept.get(name);
      if (next !== undefined) this.#kept.set(name, next);
      if (last !== undefined) this.#spare.set(name, last);
    }
    return Object.fromEntries(wanted.map((name) => [name, copied(answer[name])]));
  }

  async close(): Promise<void> {
    this.#kept.clear();
    this.#spare.clear();
    await this.#session.release();
  }

  #tensor({ values, shape }: RuntimeTensor): OrtTensor {
    return new this.#ort.Tensor(typeOf(values), values as never, shape);
  }
}

function typeOf(values: RuntimeTensor["values"]): OrtType {
  if (values instanceof Float32Array) return "float32";
  return values instanceof Int32Array ? "int32" : "int64";
}

function copied(tensor: OrtTensor | undefined): RuntimeTensor {
  if (tensor === undefined) return { shape: [0], values: new Float32Array(0) };
  return { shape: [...tensor.dims], values: (tensor.data as RuntimeTensor["values"]).slice() };
}
