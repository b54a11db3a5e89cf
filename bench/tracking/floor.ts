import { DatabaseSync } from "node:sqlite";
import { fastify } from "fastify";

/** A bare loop: Fastify reads JSON, `node:sqlite` inserts the points in one transaction, in the same thread. */
interface Point {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

const [file = "floor.db"] = process.argv.slice(2);
const database = new DatabaseSync(file);
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  CREATE TABLE points (run TEXT, key TEXT, value REAL, timestamp INTEGER, step INTEGER)`);
const insert = database.prepare("INSERT INTO points VALUES (?, ?, ?, ?, ?)");
const app = fastify({ bodyLimit: 1 << 25 });

app.post<{ Body: { run_id: string; metrics: Point[] } }>("/log-batch", async ({ body }) => {
  database.exec("BEGIN");
  for (const { key, value, timestamp, step } of body.metrics) {
    insert.run(body.run_id, key, value, timestamp, step);
  }
  database.exec("COMMIT");
  return {};
});

app.post<{ Body: Point & { run_id: string } }>("/log-metric", async ({ body }) => {
  const { run_id: run, key, value, timestamp, step } = body;
  insert.run(run, key, value, timestamp, step);
  return {};
});

process.stdout.write(`${await app.listen({ host: "127.0.0.1", port: 0 })}\n`);
