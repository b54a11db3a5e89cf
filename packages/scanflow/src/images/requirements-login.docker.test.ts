import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { type Docker, saveImages } from "../docker/index.ts";
import { bridgeAddress, testDaemon } from "./daemon.test.support.ts";
import { built, folderWith } from "./images.test.support.ts";
import { recipeOf } from "./recipe-of.ts";

const run = promisify(execFile);

/** Writes the wheel `ours` 1.0, which holds one module. */
const wheelWriter = `import sys, zipfile
files = {
    "ours.py": "value = 7\\n",
    "ours-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: ours\\nVersion: 1.0\\n",
    "ours-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "ours-1.0.dist-info/RECORD": "",
}
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for path, text in files.items():
        wheel.writestr(path, text)
`;

test("a password in the address of an index is in no layer of the image", async () => {
  const { docker, images, env, name: application } = await testDaemon();
  const index = await privateIndex(docker);
  const root = await folderWith({
    "requirements.txt": `--index-url http://${index.user}:${index.password}@${index.place}/simple/\n--trusted-host ${index.host}\nours==1.0\n`,
  });
  const environment = {
    kind: "python",
    requirements: "requirements.txt",
    ...{ packages: [], python: null, apt: [] },
  } as const;
  const command = { kind: "command", command: "python -c 'import ours'" } as const;
  const recipe = built(await recipeOf({ task: "fit", command, environment }, { root, application, env }));
  await images.need(recipe, { application });
  const script = 'import ours, os; print(ours.value, os.path.exists("/opt/requirements"))';
  const words = ["run", "--rm", "--network", "none", recipe.ref, "python", "-c", script];
  expect((await run("docker", words, { env })).stdout.trim()).toBe("7 False");
  const saved = await buffer(await saveImages(docker, [recipe.ref]));
  expect(saved.includes("import ours") || saved.includes("value = 7")).toBe(true);
  expect(saved.includes(index.password)).toBe(false);
});

/** A package index that asks for a login, where the containers of builds find it. */
async function privateIndex(docker: Docker) {
  const [user, password] = ["ann", "pass-of-the-index-4711"];
  const folder = await folderWith({});
  const wheel = "ours-1.0-py3-none-any.whl";
  await run("python3", ["-c", wheelWriter, join(folder, wheel)]);
  const content = await readFile(join(folder, wheel));
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const server = createServer(({ url, headers }, answer) => {
    if (headers.authorization !== expected) {
      answer.writeHead(401, { "www-authenticate": 'Basic realm="index"' }).end();
    } else if (url === "/simple/ours/") {
      answer.setHeader("content-type", "text/html").end(`<a href="/files/${wheel}">${wheel}</a>`);
    } else if (url === `/files/${wheel}`) answer.end(content);
    else answer.writeHead(404).end();
  });
  const host = await bridgeAddress(docker);
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return { host, place: `${host}:${port}`, user, password };
}
