import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { type Migration, openStore } from "../../index.ts";
import { testLocation } from "../../test-location.support.ts";
import { clusterPassword, findPostgres, startCluster } from "../cluster.support.ts";

const migrations: Migration[] = [
  { room: "test", id: "001", up: ["CREATE TABLE rows (n BIGINT PRIMARY KEY)"] },
];
const insert = (n: number) => [{ sql: "INSERT INTO rows (n) VALUES (?)", params: [n] }];

async function ownCluster() {
  const cluster = await startCluster(findPostgres() ?? "");
  onTestFinished(() => cluster.stop());
  return cluster;
}

async function run(location: string, sql: string): Promise<void> {
  const client = new Client(location);
  await client.connect();
  await client.query(sql);
  await client.end();
}

test("a server that is killed takes nothing along that was answered, and is found again when it is back", async () => {
  const cluster = await ownCluster();
  const store = await openStore({ location: cluster.url("postgres"), migrations });
  onTestFinished(() => store.close());
  let answered = 0;
  while (answered < 50) await store.write(insert(answered++));
  const underWay = Array.from({ length: 20 }, (_, i) => store.write(insert(1000 + i)));
  await cluster.kill();
  await Promise.allSettled(underWay);
  const unreachable = { code: "SCANFLOW_STORE_UNREACHABLE" };
  await expect(store.write(insert(2000))).rejects.toMatchObject(unreachable);
  await expect(store.read("SELECT 1")).rejects.toMatchObject(unreachable);
  await cluster.start();
  await store.write(insert(3000));
  const rows = await store.read<{ n: number }>("SELECT n FROM rows WHERE n < 1000 OR n >= 2000 ORDER BY n");
  expect(rows.map(({ n }) => n)).toEqual([...Array.from({ length: 50 }, (_, n) => n), 3000]);
});

test("a wrong password, a missing database and a missing server each have a code, and no password is shown", async () => {
  const location = await testLocation();
  const password = encodeURIComponent(clusterPassword);
  const wrong = {
    SCANFLOW_STORE_LOGIN: location.replace(password, "not%20it"),
    SCANFLOW_STORE_OPEN: location.replace(/\/test_\w+/, "/nowhere"),
    SCANFLOW_STORE_UNREACHABLE: `postgresql://ana:${password}@127.0.0.1:1/d`,
  };
  for (const [code, url] of Object.entries(wrong)) {
    const refused = openStore({ location: url, migrations });
    await expect(refused).rejects.toMatchObject({
      code,
      message: expect.not.stringMatching(/not%20it|not it|a%20pass|a pass/),
    });
    await expect(refused).rejects.toThrow(":***@");
  }
});

test("a password that is asked for and was not given is told, and the connection is not left open", async () => {
  const location = await testLocation();
  const without = location.replace(/:[^:@/]*@/, "@");
  expect(without).not.toBe(location);
  const sockets = () =>
    process.getActiveResourcesInfo().filter((kind) => /^(?:Pipe|TCPSocket)Wrap$/.test(kind)).length;
  const before = sockets();
  await expect(openStore({ location: without, migrations })).rejects.toMatchObject({
    code: "SCANFLOW_STORE_LOGIN",
    message: expect.stringContaining("PGPASSWORD"),
  });
  await expect.poll(sockets).toBeLessThanOrEqual(before);
});

test("a server without TLS is told from one that is away", async () => {
  const location = await testLocation();
  await expect(openStore({ location: `${location}&sslmode=verify-full`, migrations })).rejects.toThrow(
    "Take sslmode out of the URL",
  );
});

test("a URL that cannot be read is refused without showing it", async () => {
  await expect(openStore({ location: "postgresql://ana:s3cret@h:port/d", migrations })).rejects.toMatchObject(
    {
      code: "SCANFLOW_STORE_OPEN",
      message: expect.not.stringContaining("s3cret"),
    },
  );
});

test("a database of another program is refused and left as it is", async () => {
  const location = await testLocation();
  await run(location, "CREATE TABLE migrations (version TEXT); INSERT INTO migrations VALUES ('7')");
  await expect(openStore({ location, migrations })).rejects.toMatchObject({
    code: "SCANFLOW_STORE_OPEN",
    message: expect.stringContaining("a database of its own"),
  });
  await run(location, "SELECT version FROM migrations");
});

test("a database that keeps no Unicode is refused", async () => {
  const location = await testLocation();
  const name = "latin";
  await run(location, `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
  onTestFinished(() => run(location, `DROP DATABASE ${name} WITH (FORCE)`));
  const latin = location.replace(/\/test_\w+/, `/${name}`);
  await expect(openStore({ location: latin, migrations })).rejects.toMatchObject({
    code: "SCANFLOW_STORE_OPEN",
    message: expect.stringContaining("LATIN1"),
  });
});
