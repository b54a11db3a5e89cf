import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { line } from "../measure.ts";
import { soak } from "./soak.ts";

const bin = join(import.meta.dirname, "../../packages/scanflow/bin/scanflow.js");
const lifeSeconds = 30;

/** `npm run bench -- tracking-soak [seconds]`: 32 writers and 8 readers; the server is killed every 30 seconds. */
export async function run(): Promise<void> {
  const seconds = Number(process.argv[3] ?? 600);
  const folder = mkdtempSync(join(tmpdir(), "scanflow-soak-"));
  try {
    const lives = Math.max(2, Math.round(seconds / lifeSeconds));
    const livesMs = Array.from({ length: lives }, () => (seconds * 1000) / lives);
    const report = await soak({ launch: { nodeArguments: [bin], folder }, writers: 32, readers: 8, livesMs });
    const { writes, reads, refused, troubles } = report;
    line(
      `${seconds} s, killed ${lives - 1} times: ${writes} writes, ${reads} reads, ${refused} met no server`,
    );
    line(
      troubles.length === 0
        ? "nothing lost, nothing double, no other error"
        : troubles.slice(0, 20).join("\n"),
    );
    if (troubles.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
