import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { systemCode } from "../../system-code.ts";
import { endFamilies } from "../leftovers.ts";
import { UsageSampler } from "../usage-sampler.ts";
import { FrameReader, FrameWriter } from "./frames.ts";
import { fromLauncher, type ProgramOrder, type Refusal, type SetUp, toLauncher } from "./messages.ts";
import { type Program, startProgram, type Tell, type Yard } from "./program.ts";

/**
 * The launcher: a small process that starts programs for its owner, since a start costs the more the larger the
 * process is that makes it. It imports nothing but its own few files. It lives as long as its owner; when that is
 * gone, for whatever reason, it ends what it has started, and itself.
 */
const owner = new Socket({ fd: 3 });
const writer = new FrameWriter(owner);
const running = new Map<number, Program>();
const held = new Set<Readable>();
let yard: Yard = { base: {}, graceMs: 0, sampler: new UsageSampler(), own: new Set() };

// What ends is told by the owner, or by its end.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

const reader = new FrameReader((kind, about, content) => {
  if (kind === toLauncher.start) start(about, JSON.parse(content.toString()) as ProgramOrder);
  else if (kind === toLauncher.end) running.get(about)?.end();
  else yard = { ...yard, ...(JSON.parse(content.toString()) as SetUp) };
});
owner.on("data", (chunk: Buffer) => reader.read(chunk));
owner.on("drain", release);
owner.on("error", () => owner.destroy());
owner.once("close", () => void leave());

function start(about: number, order: ProgramOrder): void {
  const program = startProgram(order, yard, tellOf(about));
  if (program) running.set(about, program);
}

function tellOf(about: number): Tell {
  return {
    started: (pid) => writer.writeJson(fromLauncher.started, about, pid),
    output(which, chunk, from) {
      // Without an owner output is thrown away, so that programs can still end in order.
      if (writer.write(fromLauncher[which], about, chunk) || owner.destroyed) return;
      from.pause();
      held.add(from);
    },
    exited: (exit) => writer.writeJson(fromLauncher.exited, about, exit),
    ended(report) {
      running.delete(about);
      writer.writeJson(fromLauncher.ended, about, report);
    },
    refused: (error) => writer.writeJson(fromLauncher.refused, about, refusalOf(error)),
  };
}

function refusalOf(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  const code = systemCode(error);
  return code === undefined ? { message } : { message, code, syscall: "spawn" };
}

function release(): void {
  for (const output of held) output.resume();
  held.clear();
}

async function leave(): Promise<void> {
  release();
  await endFamilies(
    [...running.values()].map(({ family }) => family),
    yard.graceMs,
  );
  process.exit();
}
