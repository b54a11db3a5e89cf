import { expect, test } from "vitest";
import { batchOf } from "../../batch/batch-of.ts";
import { checkContext } from "../../checker/check-context.ts";
import { datasetOf } from "../../checker/dataset-of.ts";
import { skewChecker } from "./skew-checker.ts";

const ids = Array.from({ length: 200 }, (_, row) => row);
const table = (age: (row: number) => number | null, order = ids) =>
  datasetOf("rows", batchOf({ id: order, age: order.map(age), city: order.map((row) => `c${row % 3}`) }));
const context = (params = {}) => checkContext("skew", { params: { id: "id", ...params } });

test("rows in another order are the same", async () => {
  const verdict = await skewChecker(
    table((row) => row, [...ids].reverse()),
    table((row) => row),
    context(),
  );
  expect(verdict).toMatchObject({ status: "ok", columns: [] });
});

test("values that differ are counted: many are an alarm, one a warning, a tolerance lets near ones pass", async () => {
  const reference = table((row) => row + 1);
  const many = await skewChecker(
    table((row) => (row < 40 ? null : row + 1)),
    reference,
    context(),
  );
  expect(many).toMatchObject({ status: "alarm", columns: ["age"] });
  expect(many.evidence.age).toMatchObject({ differing: 40, rows: 200, example: "id 0: 1 → missing" });
  expect(many.message).toMatch(/rows of both sides: "age" in 40 \(such as id 0: 1 → missing\)/);
  const one = await skewChecker(
    table((row) => (row === 7 ? 9 : row + 1)),
    reference,
    context(),
  );
  expect(one.status).toBe("warning");
  const near = table((row) => (row + 1) * 1.0001);
  expect((await skewChecker(near, reference, context({ tolerance: 0.001 }))).status).toBe("ok");
});

test("ids are joined whatever their kind; one that the reference has twice is left out and told", async () => {
  const reference = table((row) => row, [...ids, 3, 4]);
  const texts = batchOf({ id: ids.map(String), age: ids.map((row) => row + Number(row === 3)) });
  const params = { columns: ["age"] };
  const verdict = await skewChecker(datasetOf("rows", texts), reference, context(params));
  expect(verdict.status).toBe("ok");
  expect(verdict.message).toMatch(
    /in 198 rows of both sides \(2 have a "id" that the reference has twice\)\./,
  );
});

test("what cannot be joined says what to do", async () => {
  const reference = table((row) => row);
  const others = table(
    (row) => row,
    ids.map((row) => row + 1_000),
  );
  expect((await skewChecker(others, reference, context())).message).toMatch(
    /0 rows are on both sides.*\(200 are in the window only\): gather more, or compare by drift/,
  );
  expect((await skewChecker(reference, reference, context({ id: "key" }))).message).toMatch(
    /"key" is not in/,
  );
});
