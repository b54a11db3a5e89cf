import { chmod, mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../store/temporary-folder.support.ts";
import { onPostgres, testLocation } from "../store/test-location.support.ts";
import { openTrackingServer, remoteUpkeep, withAccess, withTracking, withUpkeep } from "./index.ts";

async function newPlace() {
  const location = await testLocation();
  const store = onPostgres ? location : `sqlite:///${location}`;
  return { store, artifacts: join(await temporaryFolder(), "files"), folder: "/" };
}
type Place = Awaited<ReturnType<typeof newPlace>>;

async function start(place: Place) {
  const server = await openTrackingServer({ ...place, port: 0 });
  onTestFinished(() => server.close());
  const post = async (path: string, body: object, token?: string) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { "content-type": "application/json", ...authorization };
    const url = `${server.url}/api/2.0/${path}`;
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.json()) as Record<string, unknown>;
  };
  return { ...server, post };
}

/** A run with a file of its own; gives its id. */
async function newRun({ url, post }: Awaited<ReturnType<typeof start>>, token?: string): Promise<string> {
  const { run } = await post("mlflow/runs/create", { experiment_id: "0", start_time: 1 }, token);
  const { run_id } = (run as { info: { run_id: string } }).info;
  const path = `${url}/api/2.0/mlflow-artifacts/artifacts/0/${run_id}/artifacts/f.txt`;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  expect((await fetch(path, { method: "PUT", headers, body: run_id })).status).toBe(200);
  return run_id;
}

test("a tracker is purged and swept the same whether its server runs or not", async () => {
  const place = await newPlace();
  const server = await start(place);
  const runs = [await newRun(server), await newRun(server), await newRun(server)];
  const purge = (runId: string | undefined, dryRun: boolean) =>
    withUpkeep(place, ({ purge: ask }) => ask({ kind: "runs", runIds: [runId ?? ""] }, dryRun));
  const foreseen = await purge(runs[0], true);
  expect(foreseen).toMatchObject({ runIds: [runs[0]], experiments: [], kept: [] });
  expect(foreseen.files + foreseen.young).toBe(1);
  expect(await purge(runs[0], false)).toEqual(foreseen);
  // The server knows it at once, though it remembers runs.
  const lost = await server.post("mlflow/runs/log-parameter", { run_id: runs[0], key: "k", value: "v" });
  expect(lost.error_code).toBe("RESOURCE_DOES_NOT_EXIST");
  await expect(purge(runs[0], false)).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
  expect(await withUpkeep(place, ({ collect }) => collect({}))).toMatchObject({ files: 0, uploads: 0 });
  await server.close();
  expect(await purge(runs[1], false)).toMatchObject({ runIds: [runs[1]] });
  const swept = await withUpkeep(place, ({ collect }) => collect({ graceMs: 0 }));
  // Where others may be at work, what they may just have put stays.
  expect(swept).toMatchObject({ files: 0, young: onPostgres ? 2 : 0 });
  const second = await start(place);
  const left = await second.post("mlflow/runs/search", { experiment_ids: ["0"], run_view_type: "ALL" });
  expect((left.runs as { info: { run_id: string } }[]).map(({ info }) => info.run_id)).toEqual([runs[2]]);
});

test("who has the database needs no token, who has the address that of an admin, and it is put down", async () => {
  const place = await newPlace();
  const tokens = await withAccess(place, async (access) => {
    await access.addUser({ name: "ada", role: "admin" });
    await access.addUser({ name: "eda", role: "editor" });
    return {
      ada: (await access.addToken({ user: "ada" })).token,
      eda: (await access.addToken({ user: "eda" })).token,
    };
  });
  const server = await start(place);
  const runId = await newRun(server, tokens.ada);
  const target = { kind: "runs", runIds: [runId] } as const;
  const { url } = server;
  for (const [token, code] of [
    [undefined, "SCANFLOW_TRACKING_UNAUTHENTICATED"],
    ["local-guessed", "SCANFLOW_TRACKING_UNAUTHENTICATED"],
    [tokens.eda, "SCANFLOW_TRACKING_DENIED"],
  ] as const) {
    await expect(remoteUpkeep({ url, token }).purge(target, false)).rejects.toMatchObject({ code });
    await expect(remoteUpkeep({ url, token }).collect({})).rejects.toMatchObject({ code });
  }
  const remote = remoteUpkeep({ url, token: tokens.ada });
  expect(await remote.purge({ kind: "deleted", olderThanMs: 0 }, false)).toMatchObject({ runIds: [] });
  await expect(remote.purge({ kind: "model", name: "none" }, false)).rejects.toMatchObject({
    code: "SCANFLOW_TRACKING_MISSING",
  });
  expect(await withUpkeep(place, ({ purge }) => purge(target, false))).toMatchObject({ runIds: [runId] });
  const headers = { authorization: `Bearer ${tokens.ada}` };
  const audit = await fetch(`${url}/api/2.0/scanflow/audit`, { headers });
  const { entries } = (await audit.json()) as { entries: { route: string; user: string; status: number }[] };
  const purges = entries.filter(({ route }) => route.endsWith("/purge"));
  expect(purges.map(({ status }) => status)).toEqual([...(onPostgres ? [] : [200]), 404, 200, 403]);
});

test.skipIf(onPostgres)(
  "the record of a server is readable by its user alone, and goes with it",
  async () => {
    const place = await newPlace();
    const file = `${place.store.replace("sqlite:///", "")}.server.json`;
    const server = await start(place);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await server.close();
    await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
    // One that a killed server left is not followed.
    await writeFile(file, JSON.stringify({ pid: 1, url: "http://127.0.0.1:1", token: "t" }));
    await chmod(file, 0o600);
    expect(await withUpkeep(place, async ({ place: shown }) => shown)).toBe(file.replace(".server.json", ""));
  },
);

test("places that are not there are named, and nothing is made", async () => {
  const place = await newPlace();
  const artifacts = join(await temporaryFolder(), "none");
  const missing = { code: "SCANFLOW_LOCATION_MISSING" };
  if (!onPostgres) await expect(withUpkeep(place, async () => {})).rejects.toMatchObject(missing);
  if (!onPostgres)
    await expect(withTracking({ ...place, reads: true }, async () => {})).rejects.toMatchObject(missing);
  await (await start(place)).close();
  await expect(withUpkeep({ ...place, artifacts }, async () => {})).rejects.toMatchObject({
    ...missing,
    message: expect.stringContaining("--artifacts"),
  });
  await expect(stat(artifacts)).rejects.toMatchObject({ code: "ENOENT" });
  await mkdir(artifacts);
  await withUpkeep({ ...place, artifacts }, async () => {});
  const remote = remoteUpkeep({ url: "http://ada:secret@127.0.0.1:9/" });
  expect(remote.place).toBe("http://127.0.0.1:9");
  await expect(remote.collect({})).rejects.toMatchObject({
    code: "SCANFLOW_SERVER_UNREACHABLE",
    message: expect.not.stringContaining("secret"),
  });
});
