import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Incoming } from "./incoming.ts";
import { openArtifactStore } from "./index.ts";
import { temporaryFolder } from "./testing/temporary-folder.support.ts";

/** The folder that another process on this machine would have, with a draft in it. */
function draftOf(root: string, owner: { pid: number; began?: string; machine?: string }): string {
  const [, machine = "", , began = ""] =
    /^(.+)\.(\d+)\.(\d+)$/.exec(basename(new Incoming(root).folder)) ?? [];
  const folder = join(root, "incoming", `${owner.machine ?? machine}.${owner.pid}.${owner.began ?? began}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "draft"), "half");
  return join(folder, "draft");
}

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await new Promise((ended) => child.once("exit", ended));
  return child.pid ?? 0;
}

test("drafts of a process that ended go, those of a living one stay", async () => {
  const root = temporaryFolder();
  const living = spawn(process.execPath, ["--eval", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  onTestFinished(() => void living.kill());
  const own = draftOf(root, { pid: process.pid });
  const ended = draftOf(root, { pid: await endedProcess() });
  const reused = draftOf(root, { pid: living.pid ?? 0, began: "1" });
  await openArtifactStore({ root });
  expect([own, ended, reused].map((path) => existsSync(path))).toEqual([
    true,
    false,
    process.platform !== "linux",
  ]);
});

test("drafts of another machine go only when they have not been touched for a week", async () => {
  const root = temporaryFolder();
  const fresh = draftOf(root, { pid: 1, machine: "elsewhere" });
  const old = draftOf(root, { pid: 2, machine: "elsewhere" });
  const eightDaysAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
  utimesSync(old, eightDaysAgo, eightDaysAgo);
  await openArtifactStore({ root });
  expect([fresh, old, dirname(old)].map((path) => existsSync(path))).toEqual([true, false, false]);
});

test("a store opened twice in a process keeps its drafts apart", () => {
  const root = temporaryFolder();
  const [one, two] = [new Incoming(root), new Incoming(root)];
  expect(new Set([one.path(), one.path(), two.path(), two.path()]).size).toBe(4);
  expect(one.folder).toBe(two.folder);
  expect(readdirSync(root)).toEqual([]);
});

test("the last store of a process that is closed takes its folder away, an earlier one does not", async () => {
  const root = temporaryFolder();
  const [one, two] = [await openArtifactStore({ root }), await openArtifactStore({ root })];
  const { folder } = new Incoming(root);
  await one.close();
  await one.close();
  expect(existsSync(folder)).toBe(true);
  await two.close();
  expect(existsSync(folder)).toBe(false);
  const { digest } = await (await openArtifactStore({ root })).put(bytesOf("again"));
  expect(digest).toMatch(/^sha256:/);
});

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
