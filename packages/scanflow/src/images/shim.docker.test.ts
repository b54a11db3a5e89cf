import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { buildRecipe } from "./build-recipe.ts";
import { testDaemon } from "./daemon.test.support.ts";
import { describeFile } from "./describe-file.ts";
import { built } from "./images.test.support.ts";
import { recipeOf } from "./recipe-of.ts";
import { layerShim, shimNode } from "./shim-recipe.ts";

const run = promisify(execFile);

const command = { kind: "command", command: "true" } as const;

/** Asks Node in the image what it can do: names, threads, certificates, its arguments. */
const program = `
  import { Worker } from "node:worker_threads";
  import { lookup } from "node:dns/promises";
  import { rootCertificates } from "node:tls";
  const word = await new Promise((resolve, reject) => {
    const worker = new Worker(new URL('data:text/javascript,import { parentPort } from "node:worker_threads"; parentPort.postMessage("from a thread")'));
    worker.on("message", resolve).on("error", reject);
  });
  const { address } = await lookup("localhost");
  console.log(JSON.stringify([word, address, rootCertificates.length > 100, process.getuid()]));
`;

test("the shim runs in an image that holds one static program and nothing else", async () => {
  const { images, env, name: application } = await testDaemon();
  const busybox = await describeFile("/bin/busybox", "busybox");
  const bare = buildRecipe({
    name: application,
    about: "busybox",
    files: [{ ...busybox, executable: true }],
    shim: null,
    dockerfile: `FROM scratch\n# ${application}\nCOPY busybox /bin/busybox\n`,
  });
  await images.need(bare, { application });
  const environment = { kind: "image", image: bare.ref } as const;
  const request = { root: "/", application, env, shim: true };
  const recipe = built(await recipeOf({ task: "fit", command, environment }, request));
  const { id } = await images.need(recipe, { application });

  const inside = (...argv: readonly string[]) => {
    const [entry = "", ...args] = argv;
    const options = ["run", "--rm", "--read-only", "--cap-drop", "ALL", "--user", "12345:12345"];
    return run("docker", [...options, "--entrypoint", entry, id, ...args], { env });
  };
  expect((await inside("/bin/busybox", "ls", "/")).stdout.split("\n")).not.toContain("lib");
  const answered = await inside(...shimNode, "--input-type=module", "--eval", program);
  expect(JSON.parse(answered.stdout)).toEqual(["from a thread", "127.0.0.1", true, 12345]);
  expect(recipe.shim).toEqual(layerShim);
  await expect(inside(...layerShim, "nothing")).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('scanflow shim: there is no command "nothing"'),
  });
});
