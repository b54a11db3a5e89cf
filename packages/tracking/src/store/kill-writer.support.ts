import { openStore } from "./index.ts";

/** Writes rows until it is killed, and says the number of each one that was answered. */
const [, , location = ""] = process.argv;
const store = await openStore({
  location,
  migrations: [{ room: "kill", id: "001", up: ["CREATE TABLE rows (n BIGINT PRIMARY KEY, half TEXT)"] }],
});
for (let n = 0; ; n += 2) {
  const units = [n, n + 1].map((row) => [
    { sql: "INSERT INTO rows (n) VALUES (?)", params: [row] },
    { sql: "UPDATE rows SET half = 'whole' WHERE n = ?", params: [row] },
  ]);
  await Promise.all(units.map((unit) => store.write(unit)));
  process.stdout.write(`${n + 1}\n`);
}
