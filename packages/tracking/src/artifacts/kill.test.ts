import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { digestBytes, openArtifactStore } from "./index.ts";
import { drafts } from "./testing/damage.support.ts";
import { checkAll, ended, startProgram } from "./testing/program.support.ts";
import { temporaryFolder } from "./testing/temporary-folder.support.ts";
import { type Tree, writeTree } from "./testing/tree.support.ts";

const large = "large ".repeat(1_500_000);
const tree: Tree = { large: { file: large }, "a/small": { file: "small" }, b: { link: "a" } };

/**
 * Publishes in every way there is, and ends itself with SIGKILL at the file operation `killAt`: before it, or
 * `killAfterMs` after it has been handed to the system.
 */
function publishUntil(killAt: number, killAfterMs: number | undefined): string {
  return `
    import { syncBuiltinESMExports } from "node:module";
    const calls = [];
    function countCalls(target, name) {
      const original = target[name];
      target[name] = function (...args) {
        calls.push(name);
        if (calls.length === ${killAt} && ${killAfterMs === undefined}) process.kill(process.pid, "SIGKILL");
        const going = original.apply(this, args);
        if (calls.length === ${killAt}) {
          const end = performance.now() + ${killAfterMs ?? 0};
          while (performance.now() < end);
          process.kill(process.pid, "SIGKILL");
        }
        return going;
      };
    }
    const null_ = await fs.promises.open("/dev/null");
    for (const name of ["write", "datasync", "sync"]) countCalls(Object.getPrototypeOf(null_), name);
    for (const name of ["open", "rename", "chmod", "utimes", "unlink", "rm", "mkdir", "link", "copyFile"]) {
      countCalls(fs.promises, name);
    }
    syncBuiltinESMExports();
    await store.publish(work + "/tree");
    await store.put(Readable.from(["put"]));
    await store.publish(work + "/moved", { move: true });
    await store.publish(work + "/moved-tree", { move: true });
    say(calls.join());
    process.exit(0);`;
}

/** The operations that could give a file its final name, or fill it under that name. */
const placing = new Set(["rename", "copyFile", "link"]);

function prepare(): string {
  const work = temporaryFolder();
  mkdirSync(join(work, "store"));
  writeTree(join(work, "tree"), tree);
  writeTree(join(work, "moved-tree"), { "a/small": { file: "small" }, "c/other": { file: "other" } });
  writeFileSync(join(work, "moved"), "moved");
  return work;
}

async function killedAt(killAt: number, killAfterMs: number | undefined): Promise<void> {
  const work = prepare();
  expect(await ended(startProgram(work, publishUntil(killAt, killAfterMs)))).toBeNull();

  const store = await openArtifactStore({ root: join(work, "store"), durable: false });
  expect(drafts(store)).toEqual([]);
  await checkAll(store);
  for (const [path, content] of [
    ["moved", "moved"],
    ["moved-tree/a/small", "small"],
    ["moved-tree/c/other", "other"],
  ] as const) {
    expect(existsSync(join(work, path)) || (await store.has(digestBytes(content)))).toBe(true);
  }
  const again = await store.publish(join(work, "tree"));
  await store.verify(again.digest);
  expect(existsSync(join(store.root, "quarantine"))).toBe(false);
}

test("a process killed at any of its file operations leaves a store whose every file and folder is sound", {
  timeout: 240_000,
}, async () => {
  const child = startProgram(prepare(), publishUntil(Number.POSITIVE_INFINITY, undefined));
  if (child.stdout === null) throw new Error("the program has no output");
  const calls = (await text(child.stdout)).trim().split(",");
  expect(calls.filter((name) => name === "rename").length).toBeGreaterThan(6);

  const moments = calls.flatMap((name, index): [number, number | undefined][] => {
    const at = index + 1;
    const sample: [number, number | undefined][] = at % 12 === 0 ? [[at, undefined]] : [];
    return placing.has(name) ? [...sample, [at, 0.1], [at, 1]] : sample;
  });
  const next = moments.values();
  await Promise.all(
    [1, 2, 3].map(async () => {
      for (const [at, afterMs] of next) await killedAt(at, afterMs);
    }),
  );
});
