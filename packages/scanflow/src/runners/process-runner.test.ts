import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openBench, output } from "./bench.test.support.ts";

test("a command finds its inputs, parameters and item, and what it writes is published", async () => {
  const bench = await openBench();
  const data = await bench.write("data.csv", "a,b\n1,2\n");
  const { digest } = await bench.artifacts.publish(data);
  const attempt = bench.start({
    command: {
      kind: "command",
      command:
        'cat "$SCANFLOW_INPUT_TRAIN_SET" {{inputs.train-set}} > {{outputs.copy}} && echo "{\\"rows\\": $SCANFLOW_PARAM_ROWS}" > "$SCANFLOW_RESULT_FILE" && cat "$SCANFLOW_PARAMS_FILE" && echo " $SCANFLOW_ITEM {{item.seed}} $SCANFLOW_INPUT_TRAIN_SET"',
    },
    inputs: { "train-set": digest },
    inputFiles: { "train-set": "data.csv" },
    outputs: { copy: output({ path: "deep/copy.csv", type: "csv" }) },
    params: { rows: 2 },
    item: { seed: "x y" },
  });
  const outcome = await attempt.done;
  expect(outcome).toMatchObject({ kind: "succeeded", result: { rows: 2 } });
  expect(attempt.lines).toEqual([
    `{"rows":2} {"seed":"x y"} x y ${attempt.spec.workdir}/inputs/train-set.csv`,
  ]);
  if (outcome.kind !== "succeeded") return;
  const copy = `${bench.root}/copy.csv`;
  await bench.artifacts.materialise(outcome.outputs.copy ?? "", copy);
  expect(await readFile(copy, "utf8")).toBe("a,b\n1,2\na,b\n1,2\n");
});

test("a step is given its inputs and what it returns is the result", async () => {
  const bench = await openBench();
  const data = await bench.write("data.txt", "hello");
  const { digest } = await bench.artifacts.publish(data);
  await bench.write("steps/lib.ts", `export const shout = (text: string): string => text.toUpperCase();\n`);
  await bench.write(
    "steps/step.ts",
    `import { readFileSync, writeFileSync } from "node:fs";
import { shout } from "./lib.ts";
export default async function step({ inputs, outputs, params, item, metric, tag }) {
  console.log("from", params.name, process.env.SCANFLOW_PARAM_NAME, item);
  process.stderr.write("half ");
  console.error("line");
  metric("loss", 0.5, 3);
  tag("kind", "test");
  writeFileSync(outputs.out, shout(readFileSync(inputs.data, "utf8")));
  return { length: 5 };
}
`,
  );
  const attempt = bench.start({
    command: { kind: "module", module: "steps/step.ts", export: "default" },
    inputs: { data: digest },
    outputs: { out: output({ path: "out.txt" }) },
    params: { name: "me" },
  });
  const outcome = await attempt.done;
  expect(outcome).toMatchObject({ kind: "succeeded", result: { length: 5 } });
  expect(attempt.lines).toEqual(["from me me null", "half line"]);
  expect(attempt.batches).toMatchObject([
    { metrics: [{ key: "loss", value: 0.5, step: 3 }], tags: [{ key: "kind", value: "test" }] },
  ]);
  expect(await readFile(attempt.spec.log, "utf8")).toBe("from me me null\nhalf line\n");
});
