import { expect, test } from "vitest";
import { scriptsOf } from "./script.ts";

const pathsOf = (command: string | readonly string[]) => scriptsOf(command).map(({ path }) => path);

test.each<[string | readonly string[], readonly string[]]>([
  ["python train.py --rate {{params.rate}}", ["train.py"]],
  ["python3.12 -u -O 'steps/my train.py'", ["steps/my train.py"]],
  [["python3", "train.py"], ["train.py"]],
  ["node steps/fit.mjs", ["steps/fit.mjs"]],
  ["Rscript --vanilla fit.R", ["fit.R"]],
  ["bash -eu run.sh", ["run.sh"]],
  ["./run.sh fast", ["./run.sh"]],
  [".venv/bin/python train.py", [".venv/bin/python", "train.py"]],
  ["python train.py > {{outputs.model}}", ["train.py"]],
  ["SEED=1 python train.py | tee log", ["train.py"]],
  ["python train.py 2>&1 && python check.py", ["train.py"]],
  ["cd steps && python train.py {{inputs.x}}", ["steps/train.py"]],
  ["cd 'my steps' && ./run.sh", ["my steps/run.sh"]],
  ["cd steps && python /opt/train.py", ["/opt/train.py"]],
])("%j needs %j", (command, paths) => {
  expect(pathsOf(command)).toEqual(paths);
});

test.each<string | readonly string[]>([
  "true",
  "python -m train",
  "python -c 'import train.py'",
  "python - train.py",
  "python -W ignore train.py",
  "python {{params.script}}",
  "python steps/{{params.step}}.py",
  "python $SCRIPT",
  "python package",
  "bash -c 'python train.py'",
  ["sh", "-c", "python train.py"],
  "cd steps; python train.py",
  "cd steps && sh run.sh",
  "cd $STEPS && python train.py",
  "cd steps && python train.py || true",
  "python train.py || true",
  "python notify.py; python train.py",
  "python serve.py & wait",
  "test -f extra.py && python extra.py",
  "if [ -e a.py ]; then python a.py; fi",
  "python <<< train.py",
  "python train.py\npython check.py",
  "env python train.py",
  "uv run train.py",
  "echo train.py",
  "",
  [],
  "  ",
  ["{{params.program}}", "train.py"],
])("%j is not known to need anything", (command) => {
  expect(pathsOf(command)).toEqual([]);
});

test("a script that only a shell is given by its bare name may lie on the PATH", () => {
  expect(scriptsOf("sh run.sh")).toMatchObject([{ onPath: true, word: 1 }]);
  expect(scriptsOf("sh ./run.sh")).toMatchObject([{ onPath: false }]);
  expect(scriptsOf("python run.py")).toMatchObject([{ onPath: false }]);
});
