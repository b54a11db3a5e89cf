import { expect, test } from "vitest";
import { folderOf, lastLine, scanflow } from "./cli.test.support.ts";

const CONFIG = `application: lab
main: maps
workflows:
  maps:
    nodes:
      list: { run: 'echo "{\\"cities\\": [\\"Turin\\", \\"Ghent\\"]}" > $SCANFLOW_RESULT_FILE' }
      fetch:
        run: "echo from {{params.city}} | tee {{outputs.table}}"
        params: { city: { expression: item } }
        outputs: { table: table.txt }
        map: { over: { expression: nodes.list.result.cities } }
      fit:
        kind: workflow
        workflow: fit
        params: { rate: { expression: item } }
        map: { over: [0.5, 0.00012345] }
  fit:
    params: { rate: 1.5 }
    nodes:
      train:
        run: "test {{params.rate}} = 0.5"
        params: { rate: { expression: params.rate } }
`;

test("the items of maps are seen beside their indices, and ids stay as they are", async () => {
  const folder = await folderOf({ "scanflow.yaml": CONFIG });
  const run = await scanflow(folder, ["run"]);
  expect(run.code).toBe(1);
  expect(run.stdout).toMatch(/^fetch\[1\] \(Ghent\) +\| from Ghent$/m);
  expect(run.stdout).toMatch(/^fit\[0\]\/train \(0\.5\) +done in /m);
  expect(run.stdout).toMatch(/^✓ fetch\[0\] \(Turin\) +done /m);
  expect(run.stdout).toMatch(/^✗ fit\[1\]\/train \(0\.00012345\) +failed /m);
  expect(run.stdout).toMatch(/^ {2}scanflow logs \w+ 'fit\[1\]\/train'$/m);

  const show = await scanflow(folder, ["show"]);
  expect(show.stdout).toMatch(/^✓ fetch\[1\] \(Ghent\) +done /m);
  expect(show.stdout).toMatch(/^ {2}fetch\[1\] \(Ghent\) +table /m);
  const why = await scanflow(folder, ["why", "fetch[1]"]);
  expect(why.stdout).toMatch(/^fetch\[1\] \(Ghent\) ran in run \w+: /);
  const compared = await scanflow(folder, ["reproduce"]);
  expect(compared.stdout).toMatch(/^ {2}equal +fetch\[0\] \(Turin\) +succeeded$/m);

  const plan = await scanflow(folder, ["plan"]);
  expect(plan.stdout).toMatch(/workflow × items +for 0\.5, 0\.00012345$/m);
  const again = await scanflow(folder, ["run", "--json"]);
  const tasks = lastLine(again.stdout).tasks as { name: string }[];
  expect(tasks.map(({ name }) => name).sort()).toEqual([
    ...["fetch[0]", "fetch[1]", "fit[0]/train", "fit[1]/train", "list"],
  ]);
});
