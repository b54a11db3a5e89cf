import { spawnSync } from "node:child_process";

/** `floor.ts IMAGE COUNT`: so many containers, each started by the Docker command line. Prints `{"wallMs"}`. */
const [image = "", count = "1"] = process.argv.slice(2);
const start = performance.now();
const loop = `for i in $(seq ${count}); do docker run --rm ${image} true || exit 1; done`;
const { status, stderr } = spawnSync("/bin/sh", ["-c", loop], { encoding: "utf8" });
if (status !== 0) throw new Error(stderr);
process.stdout.write(`${JSON.stringify({ wallMs: performance.now() - start })}\n`);
