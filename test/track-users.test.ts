import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";
import { clients, pythonWith } from "./tracking/python.test.support.ts";
import { startTrackServer } from "./tracking/track-server.test.support.ts";

const run = promisify(execFile);
const bin = join(import.meta.dirname, "../packages/scanflow/bin/scanflow.js");
const api = "/api/2.0/mlflow";

/** Makes a user in a folder's database by the command line, and gives the token that it prints. */
async function tokenOf(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await scanflow(folder, ["user", ...args, "--json"]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout).token;
}

test("users are made, listed, changed and removed by the command line; a token is printed once", async () => {
  const folder = await folderOf({});
  const token = await tokenOf(folder, "ada", "--role", "admin");
  expect(token).toMatch(/^sft_/);
  await tokenOf(folder, "dora", "--role", "editor", "--application", "digits", "--expires", "30d");
  const listed = await scanflow(folder, ["user", "--json"]);
  expect(listed.stdout).not.toContain(token.slice(-43));
  const [ada, dora] = JSON.parse(listed.stdout);
  expect(ada).toMatchObject({ name: "ada", roles: [{ application: "*", role: "admin" }] });
  expect(dora).toMatchObject({ name: "dora", roles: [{ application: "digits", role: "editor" }] });
  expect(dora.tokens[0].expiresMs).toBeGreaterThan(Date.now());
  await scanflow(folder, ["user", "dora", "--revoke", dora.tokens[0].id]);
  await scanflow(folder, ["user", "dora", "--role", "none", "--application", "digits"]);
  expect((await scanflow(folder, ["user"])).stdout).toMatch(/^dora +no role +no token$/m);
  await scanflow(folder, ["user", "dora", "--remove"]);
  expect((await scanflow(folder, ["user"])).stdout).not.toContain("dora");
});

test.each(Object.entries(clients))(
  "a script with the %s client and a token does what its user may, and is told what it may not",
  async (version, requirements) => {
    const python = await pythonWith(version, requirements);
    if (!python) return;
    const folder = await folderOf({});
    const ada = await tokenOf(folder, "ada", "--role", "admin");
    const dora = await tokenOf(folder, "dora", "--role", "editor", "--application", "digits");
    const server = await startTrackServer({ nodeArguments: [bin], folder });
    const headers = { authorization: `Bearer ${ada}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: "fraud/train" });
    const made = await fetch(`${server.url}${api}/experiments/create`, { method: "POST", headers, body });
    expect(made.status).toBe(200);
    const env = { ...process.env, MLFLOW_TRACKING_URI: server.url, MLFLOW_DISABLE_TELEMETRY: "true" };
    const script = join(import.meta.dirname, "tracking", "denied.py");
    const args = ["-W", "ignore", script, "digits/train", "fraud/train"];
    const withToken = await run(python, args, { cwd: folder, env: { ...env, MLFLOW_TRACKING_TOKEN: dora } });
    expect(withToken.stdout.trim().split("\n").at(-1)).toBe("ok");
    const history = await fetch(`${server.url}/api/2.0/scanflow/registry/history?name=reader`, { headers });
    const { changes } = (await history.json()) as { changes: { field: string; user: string }[] };
    expect(changes.map(({ field, user }) => [field, user])).toEqual(
      expect.arrayContaining([
        ["model", "dora"],
        ["version", "dora"],
      ]),
    );
    const asked = "registry/signature?name=reader&version=1";
    const signature = await fetch(`${server.url}/api/2.0/scanflow/${asked}`, { headers });
    expect(await signature.json()).toMatchObject({
      inputs: [
        { name: "width", type: "double" },
        { name: "height", type: "double" },
      ],
      input_example: { type: "dataframe" },
      flavors: expect.arrayContaining(["python_function", "sklearn"]),
    });
    const audit = await fetch(`${server.url}/api/2.0/scanflow/audit?user=dora`, { headers });
    expect(JSON.stringify(await audit.json())).toContain('"status":403');
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
  },
  600_000,
);
