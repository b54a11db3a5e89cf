import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderOf, scanflow, start, until } from "./cli.test.support.ts";

/** Has a port of this machine to itself. */
async function takenPort(): Promise<{ readonly port: number; free(): Promise<void>; take(): Promise<void> }> {
  const server = createServer();
  const take = (port: number) =>
    new Promise<void>((resolve) => server.listen({ port, host: "127.0.0.1" }, resolve));
  const free = () => new Promise<void>((resolve) => server.close(() => resolve()));
  await take(0);
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  onTestFinished(async () => void (server.listening && (await free())));
  return { port, free, take: () => take(port) };
}

test("a server that is started again takes up all that it can, and says what it cannot", {
  timeout: 60_000,
}, async () => {
  const { port, free, take } = await takenPort();
  const folder = await folderOf({
    "scanflow.yaml": `application: app
main: w
workflows:
  w:
    nodes:
      ask: { kind: approval, message: "?" }
      again: { run: "echo begun; test -e healed && touch done", retry: { limit: 1, delay: 3s }, cache: false }
  own:
    nodes:
      mine: { kind: tracker, port: ${port} }
      log: { run: "echo begun; ${until("go")}", cache: false }
`,
  });
  await free();
  for (const [workflow, sign] of [
    ["own", '"event":"attempt-started"'],
    ["w", '"event":"attempt-failed"'],
  ] as const) {
    const run = start(folder, ["run", workflow, "--json"]);
    await run.saw(sign);
    run.child.kill("SIGKILL");
    await run.ended;
  }
  await take();
  await writeFile(join(folder, "healed"), "");

  const server = start(folder, ["up", "--port", "0"]);
  await server.saw("Scanflow is up on ");
  // Though the run waits for a person, what can go on without one does.
  await expect.poll(() => existsSync(join(folder, "done")), { timeout: 20_000 }).toBe(true);
  const { stdout } = await scanflow(folder, ["ls", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject([{ workflow: "w" }, { workflow: "own", status: "interrupted" }]);
  server.child.kill("SIGTERM");
  expect((await server.ended).stderr).toMatch(
    /Run \w+ was not taken up: .*SCANFLOW_TRACKER_PORT|SCANFLOW_TRACKER_PORT.* was not taken up/s,
  );
});
