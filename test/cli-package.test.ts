import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);
const PACKAGES = ["core", "tracking", "checks", "scanflow"] as const;

/** A folder in which the packages are installed as they would be published, without their sources. */
async function installed(): Promise<string> {
  const folder = await folderOf({});
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "@scanflow"), { recursive: true });
  await run("npm", ["run", "build"], { cwd: root });
  for (const name of PACKAGES) {
    const from = join(root, "packages", name);
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: from });
    const [{ filename }] = JSON.parse(stdout);
    await run("tar", ["-xzf", filename], { cwd: folder });
    const to = join(modules, name === "scanflow" ? name : `@scanflow/${name}`);
    await rename(join(folder, "package"), to);
  }
  // What is not ours is taken from the workspace.
  for (const name of await readdir(join(root, "node_modules"))) {
    if (name.startsWith(".") || name === "scanflow" || name === "@scanflow") continue;
    await symlink(join(root, "node_modules", name), join(modules, name));
  }
  return folder;
}

test("the packed build has no sources, runs an application, and loads next to nothing for its help", async () => {
  const folder = await installed();
  const bin = join(folder, "node_modules/scanflow/bin/scanflow.js");
  const files = await readdir(join(folder, "node_modules/scanflow"), { recursive: true });
  expect(files.filter((file) => /(^src|\.test\.|(?<!\.d)\.ts$)/.test(file))).toEqual([]);

  expect(await scanflow(folder, ["init", "lab"], { bin })).toMatchObject({ code: 0, stderr: "" });
  const application = join(folder, "lab");
  const ran = await scanflow(application, ["run"], { bin });
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain("\nrows 200\n");
  expect((await scanflow(application, ["why", "gather"], { bin })).stdout).toContain("was not done before");

  const loaded = join(folder, "loaded");
  await writeFile(join(folder, "trace.mjs"), TRACE);
  const env = { NODE_OPTIONS: `--import=${join(folder, "trace.mjs")}`, TRACE_TO: loaded };
  expect((await scanflow(folder, ["--help"], { bin, env })).code).toBe(0);
  const urls = (await readFile(loaded, "utf8")).trim().split("\n");
  // Options of exports are a table of their own, with nothing behind it.
  const foreign = urls.filter(
    (url) => !/\/scanflow\/(bin\/|dist\/cli\/|dist\/deploy\/options\.js$)|\/commander\//.test(url),
  );
  expect(foreign).toEqual([]);
  expect(urls.length).toBeLessThan(30);
});

/** Writes down every module that is loaded. */
const TRACE = `import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
registerHooks({
  load(url, context, next) {
    if (url.startsWith("file:")) appendFileSync(process.env.TRACE_TO, url + "\\n");
    return next(url, context);
  },
});
`;
