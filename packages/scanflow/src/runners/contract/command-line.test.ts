import { execFileSync } from "node:child_process";
import type { JsonObject } from "@scanflow/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { programOf } from "./command-line.ts";
import type { Places } from "./places.ts";
import { splitWords } from "./split-words.ts";

const places: Places = {
  inputs: { "train set": "/in/train set.csv", a: "/in/a" },
  outputs: { model: "/out/model" },
  params: "",
  result: "",
  heartbeat: "",
  process: "",
};
const values = (params: JsonObject) => ({ task: "t", params, places });
const program = (line: string | string[], params: JsonObject = {}) => programOf(line, values(params));

/** What a shell line prints. */
function printed(line: string, params: JsonObject): string {
  const { file, args, variables, shell } = program(line, params);
  expect(shell).toBe(true);
  return execFileSync(file, args, { env: { PATH: process.env.PATH, ...variables } }).toString();
}

test.each([
  ["python3 train.py --rate 0.1", ["python3", "train.py", "--rate", "0.1"]],
  ["  a   b\tc ", ["a", "b", "c"]],
  [`python3 -c 'print("a b")' "c d" e"f g"h ''`, ["python3", "-c", 'print("a b")', "c d", "ef gh", ""]],
  ["x --a=b {{inputs.a}} {{ params.rate }}", ["x", "--a=b", "{{inputs.a}}", "{{ params.rate }}"]],
])("needs no shell: %s", (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test.each([
  ["a | b"],
  ["a > b"],
  ["a; b"],
  ["a && b"],
  ["a $HOME"],
  [`a "$HOME"`],
  ["a `b`"],
  ["a *.csv"],
  ["A=1 b"],
  ["cd x"],
  ["exit 3"],
  ["a\nb"],
  ["a 'b"],
  ["a \\\n b"],
  ["a # b"],
  ["{ a; }"],
  ["~/a"],
])("needs a shell: %s", (line) => {
  expect(splitWords(line)).toBeNull();
});

test("values are put into words as they are, and stay one word", () => {
  const nasty = `a b'"; rm $x`;
  expect(program("run {{inputs.a}} --v={{params.v}} {{outputs.model}}", { v: nasty })).toMatchObject({
    file: "run",
    args: ["/in/a", `--v=${nasty}`, "/out/model"],
    shell: false,
  });
  expect(program(["x", "{{inputs.train set}}"]).args).toEqual(["{{inputs.train set}}"]);
  expect(
    program(["x", "{{params.n}}{{params.o}}{{params.z}}"], { n: 1.5, o: { a: [true] }, z: null }).args,
  ).toEqual(['1.5{"a":[true]}']);
});

const anyValue = fc
  .string({ unit: "binary-ascii" })
  .map((text) => `${text.replaceAll("\0", "")}'"$(id)\`id\`\\`);

test("no value can break out of a shell line, whatever quotes it stands in", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const line = `printf '%s|' {{params.v}} "{{params.v}}" 'a {{params.v}}' x{{params.v}}y "$(printf '%s' {{params.v}}.)"; f() { printf '%s' "{{params.v}}"; }; f z`;
      const inShell = `${value}|${value}|a ${value}|x${value}y|${value}.|${value}`;
      expect(printed(line, { v: value })).toBe(inShell);
    }),
    { numRuns: 60 },
  );
});

test("quotes in comments and substitutions do not mislead", () => {
  expect(printed("# don't\nprintf '%s' {{params.v}}", { v: "a  b" })).toBe("a  b");
  expect(printed(`printf '%s' "$(printf '%s' "{{params.v}}")" ; :`, { v: "a  b" })).toBe("a  b");
  expect(printed("printf '%s' it\\'s{{params.v}} | cat", { v: "  b" })).toBe("it's  b");
});

test.each([["echo $(( {{params.v}} + 1 ))"], ["cat <<EOF\n{{params.v}}\nEOF"]])(
  "where a shell would read a value as code it is refused: %s",
  (line) => {
    expect(() => program(line, { v: "1" })).toThrow(
      expect.objectContaining({
        code: "SCANFLOW_COMMAND_INVALID",
        message: expect.stringContaining("{{params.v}}"),
      }),
    );
  },
);

test("a name that is not there is refused with those that are", () => {
  for (const line of ["run {{params.rat}}", "run {{params.rat}} | cat"]) {
    expect(() => program(line, { rate: 1 })).toThrow(
      expect.objectContaining({
        code: "SCANFLOW_COMMAND_INVALID",
        message: expect.stringContaining("it has rate"),
      }),
    );
  }
  expect(() => program("run {{item.a}}")).toThrow(/not inside a map/);
  expect(() => program([""])).toThrow(/is empty/);
  expect(() => program("  ")).toThrow(/is empty/);
});

test("an item and its fields can stand in a command", () => {
  const item = { seed: 3, deep: { "a.b": "x" } };
  const given = { ...values({ "a.b": 1, c: { d: 2 } }), item };
  const { args } = programOf(
    "run {{item.seed}} {{item.deep.a.b}} {{item}} {{params.a.b}} {{params.c.d}}",
    given,
  );
  expect(args).toEqual(["3", "x", JSON.stringify(item), "1", "2"]);
});

test("braces that are not ours are left alone", () => {
  expect(program(["docker", "ps", "--format", "{{.Names}} {{ json . }}"]).args).toEqual([
    "ps",
    "--format",
    "{{.Names}} {{ json . }}",
  ]);
});
