import { expect } from "vitest";
import type { Case, EndedTask } from "./case.ts";
import type { Host } from "./platform.ts";

/** Runs a case on a platform and compares its end with what the case says. */
export async function conform(one: Case, host: Host): Promise<void> {
  const ended = await host.run(one);
  const { ends } = one;
  const tasks = Object.entries(ended.tasks).map(([id, { status, attempts }]) => [id, [status, attempts]]);
  expect({ run: ended.run, tasks: Object.fromEntries(tasks) }).toEqual({
    run: ends.run,
    tasks: Object.fromEntries(Object.entries(ends.tasks).map(([id, end]) => [id, withAttempts(end)])),
  });
  for (const [reference, content] of Object.entries(ends.outputs ?? {})) {
    const [task = "", output = ""] = splitLast(reference);
    expect(ended.tasks[task]?.outputs[output] ?? null, reference).toEqual(content);
  }
  for (const [task, result] of Object.entries(ends.results ?? {})) {
    expect(ended.tasks[task]?.result, `result of ${task}`).toEqual(result);
  }
  for (const [prefix, most] of Object.entries(ends.atOnce ?? {})) {
    const spans = Object.entries(ended.tasks).flatMap(([id, task]) => (id.startsWith(prefix) ? [task] : []));
    expect(mostAtOnce(spans), `${prefix} at once`).toBeLessThanOrEqual(most);
  }
}

type Ends = Case["ends"]["tasks"][string];

/** What succeeded or failed was tried once, what was skipped never. */
function withAttempts(end: Ends): readonly [string, number] {
  if (typeof end !== "string") return end;
  return [end, end === "succeeded" || end === "failed" ? 1 : 0];
}

function splitLast(reference: string): readonly [string, string] {
  const at = reference.lastIndexOf(".");
  return [reference.slice(0, at), reference.slice(at + 1)];
}

function mostAtOnce(tasks: readonly EndedTask[]): number {
  const running = (at: number) =>
    tasks.filter(
      ({ startedAt, endedAt }) => startedAt !== null && endedAt !== null && startedAt <= at && at < endedAt,
    );
  return Math.max(0, ...tasks.map(({ startedAt }) => running(startedAt ?? 0).length));
}
