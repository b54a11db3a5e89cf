import { spawn } from "node:child_process";
import { measure } from "../measure.ts";

/** Spawns `count` × `true`, `concurrency` at once, with piped output, and nothing else. */
async function spawnAll(count: number, concurrency: number): Promise<void> {
  let left = count;
  const next = async (): Promise<void> => {
    while (left-- > 0) {
      await new Promise<void>((resolve, reject) => {
        const child = spawn("true", [], { stdio: ["ignore", "pipe", "pipe"] });
        child.on("error", reject);
        child.stdout.resume();
        child.stderr.resume();
        child.on("close", () => resolve());
      });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, next));
}

const [count = "1", concurrency = "1"] = process.argv.slice(2);
const cost = await measure(() => spawnAll(Number(count), Number(concurrency)));
process.stdout.write(`${JSON.stringify(cost)}\n`);
