import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { sha256Hex } from "../digest.ts";
import type { ArtifactStore } from "../index.ts";

const index = new URL("../index.ts", import.meta.url).href;

/** Runs a program in a process of its own, on the store in `work`; `store`, `work` and `say` are there for it. */
export function startProgram(work: string, program: string): ChildProcess {
  const source = `
    import { openArtifactStore } from ${JSON.stringify(index)};
    import fs, { mkdirSync, writeFileSync } from "node:fs";
    import { Readable } from "node:stream";
    const work = ${JSON.stringify(work)};
    const say = (line) => process.stdout.write(line + "\\n");
    const store = await openArtifactStore({ root: work + "/store" });
    ${program}`;
  const args = ["--conditions=source", "--input-type=module", "--eval", source];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** The exit code of a process, or null if a signal ended it. */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((done) => child.once("exit", done));
}

/** Hashes every stored file with nothing of the store's own reading, then verifies every folder through it. */
export async function checkAll(store: ArtifactStore): Promise<{ files: number; folders: number }> {
  const list = (shelf: string) =>
    readdirSync(join(store.root, shelf)).flatMap((prefix) =>
      readdirSync(join(store.root, shelf, prefix)).map((hex) => ({
        hex,
        path: join(store.root, shelf, prefix, hex),
      })),
    );
  const files = list("sha256");
  for (const { hex, path } of files) expect(sha256Hex(readFileSync(path))).toBe(hex);
  const folders = list("folders");
  for (const { hex } of folders)
    expect(await store.verify(`sha256:${hex}`)).toMatchObject({ kind: "folder" });
  return { files: files.length, folders: folders.length };
}
