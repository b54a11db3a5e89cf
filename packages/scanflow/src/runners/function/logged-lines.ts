import { z } from "zod";
import type { LoggedBatch } from "../runner.ts";
import type { StepResult } from "./messages.ts";

/** How a step ended that ran in a process of its own. */
export type RemoteEnd = StepResult | { readonly kind: "no-module"; readonly module: string };

const result = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("returned"), json: z.string() }),
  z.object({
    kind: z.literal("thrown"),
    stack: z.string(),
    coded: z.object({ code: z.string().regex(/^SCANFLOW_[A-Z_]+$/), message: z.string() }).nullable(),
  }),
  z.object({ kind: z.literal("no-export"), exports: z.array(z.string()) }),
  z.object({ kind: z.literal("bad-result"), what: z.string() }),
  z.object({ kind: z.literal("no-module"), module: z.string() }),
]) satisfies z.ZodType<RemoteEnd>;

const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);

const line = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("metric"), key: z.string(), value: number, step: z.number(), time: z.number() }),
  z.object({ kind: z.literal("tag"), key: z.string(), value: z.string() }),
  z.object({ kind: z.literal("end"), result }),
]);

/** A line of the file of `SCANFLOW_LOGGED_FILE`. */
export type LoggedLine =
  | (Omit<LoggedBatch["metrics"][number], "value"> & {
      readonly kind: "metric";
      readonly value: number | string;
    })
  | ({ readonly kind: "tag" } & LoggedBatch["tags"][number])
  | { readonly kind: "end"; readonly result: RemoteEnd };

/** A result of the largest size, written as JSON within JSON. */
const longestLine = 8 * 1024 * 1024;

/**
 * Reads what a step logged, in pieces as they come. What is no line of this kind is passed over: the file lies where
 * the step may write into it.
 */
export class LoggedLines {
  readonly #logged: (batch: LoggedBatch) => void;
  #begun = "";
  #end: RemoteEnd | undefined;

  constructor(logged: (batch: LoggedBatch) => void) {
    this.#logged = logged;
  }

  /** How the step ended; undefined: it has not said so. */
  get end(): RemoteEnd | undefined {
    return this.#end;
  }

  write(text: string): void {
    const lines = (this.#begun + text).split("\n");
    const begun = lines.pop() ?? "";
    this.#begun = begun.length > longestLine ? "" : begun;
    const metrics: LoggedBatch["metrics"][number][] = [];
    const tags: LoggedBatch["tags"][number][] = [];
    for (const one of lines) {
      const read = readLine(one);
      if (read?.kind === "metric") {
        const { key, value, step, time } = read;
        metrics.push({ key, value: Number(value), step, time });
      } else if (read?.kind === "tag") tags.push({ key: read.key, value: read.value });
      else if (read?.kind === "end") this.#end = read.result;
    }
    if (metrics.length > 0 || tags.length > 0) this.#logged({ metrics, tags });
  }
}

function readLine(text: string): z.infer<typeof line> | undefined {
  if (text === "") return undefined;
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
