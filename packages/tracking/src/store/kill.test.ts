import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { openStore } from "./index.ts";
import { testLocation } from "./test-location.support.ts";

test.each([1, 40, 500])(
  "what was answered before a SIGKILL after %i answers is there, each unit whole or not at all",
  async (answers) => {
    const location = await testLocation();
    const script = join(import.meta.dirname, "kill-writer.support.ts");
    const child = spawn(process.execPath, ["--conditions=source", script, location], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    let heard = 0;
    let last = -1;
    for await (const line of createInterface(child.stdout)) {
      last = Number(line);
      if (++heard === answers) child.kill("SIGKILL");
    }
    await exited;
    const migrations = [
      { room: "kill", id: "001", up: ["CREATE TABLE rows (n BIGINT PRIMARY KEY, half TEXT)"] },
    ];
    const store = await openStore({ location, migrations });
    const rows = await store.read<{ n: number; half: string }>("SELECT n, half FROM rows ORDER BY n");
    await store.close();
    expect(heard).toBeGreaterThanOrEqual(answers);
    expect(rows.length).toBeGreaterThan(last);
    expect(rows.map(({ n }) => n)).toEqual(rows.map((_, i) => i));
    expect(rows.every(({ half }) => half === "whole")).toBe(true);
  },
);
