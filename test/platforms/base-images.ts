import { execFile } from "node:child_process";
import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdtemp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

import { isInstalled } from "./installed.ts";

const run = promisify(execFile);
const folder = join(import.meta.dirname, "base-images");

/** Images that our own are built from, by the names that a registry has them under. */
export const BASE_IMAGES = {
  debian: "debian:bookworm-slim",
  python: "python:3.11-slim-bookworm",
  node: "node:24-bookworm-slim",
} as const;

/**
 * Makes the base images that the daemon lacks: from Debian's packages and the Node that runs this, so that no registry
 * of images is asked; where Debian's tools are not installed they are pulled. What was made is kept in the temporary
 * folder for the next daemon.
 */
export async function needBaseImages(env: NodeJS.ProcessEnv): Promise<void> {
  if (await hasAll(env)) return;
  if (!isInstalled("mmdebstrap")) {
    for (const image of Object.values(BASE_IMAGES)) await run("docker", ["pull", "--quiet", image], { env });
    return;
  }
  const kept = join(tmpdir(), `scanflow-base-images-${await digest()}.tar`);
  if (existsSync(kept)) {
    await run("docker", ["load", "--quiet", "--input", kept], { env });
    if (await hasAll(env)) return;
  }
  const made = await mkdtemp(join(tmpdir(), "scanflow-base-"));
  try {
    await makeDebian(made, env);
    await build(made, "python", env);
    await build(made, "node", env);
    const archive = join(made, "images.tar");
    await run("docker", ["save", "--output", archive, ...Object.values(BASE_IMAGES)], { env });
    await rename(archive, kept);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

async function hasAll(env: NodeJS.ProcessEnv): Promise<boolean> {
  return run("docker", ["image", "inspect", ...Object.values(BASE_IMAGES)], { env, maxBuffer: 1 << 24 }).then(
    () => true,
    () => false,
  );
}

/** What decides the images: their recipes and the Node in them. */
async function digest(): Promise<string> {
  const parts = await Promise.all(
    ["python", "node"].map((name) => readFile(join(folder, `${name}.Dockerfile`), "utf8")),
  );
  return hash("sha256", [process.version, ...parts].join("\n")).slice(0, 12);
}

async function makeDebian(made: string, env: NodeJS.ProcessEnv): Promise<void> {
  const archive = join(made, "debian.tar");
  await run("mmdebstrap", ["--variant=minbase", "--include=ca-certificates", "bookworm", archive], {
    maxBuffer: 1 << 26,
  });
  await run("docker", ["import", "--change", 'CMD ["bash"]', archive, BASE_IMAGES.debian], { env });
  await rm(archive);
}

async function build(made: string, name: "python" | "node", env: NodeJS.ProcessEnv): Promise<void> {
  const context = join(made, name);
  await cp(folder, context, { recursive: true });
  // Behind a proxy with a certificate of its own, pip and npm in a build need the machine's certificates.
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  if (certificates) await copyFile(certificates, join(context, "ca-certificates.crt"));
  else await writeFile(join(context, "ca-certificates.crt"), "");
  if (name === "node") {
    await copyFile(process.execPath, join(context, "node"));
    await cp(await npmFolder(), join(context, "npm"), { recursive: true, dereference: true });
  }
  const file = join(context, `${name}.Dockerfile`);
  const options = ["--quiet", "--tag", BASE_IMAGES[name], "--file", file, context];
  await run("docker", ["build", ...options], { env: { ...env, DOCKER_BUILDKIT: "0" }, maxBuffer: 1 << 26 });
}

async function npmFolder(): Promise<string> {
  for (const path of (process.env.PATH ?? "").split(delimiter)) {
    const npm = join(path, "npm");
    if (existsSync(npm)) return dirname(dirname(await realpath(npm)));
  }
  throw new Error("npm is not on PATH");
}
