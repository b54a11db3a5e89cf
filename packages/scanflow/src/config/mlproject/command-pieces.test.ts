import fc from "fast-check";
import { expect, test } from "vitest";
import { commandPieces } from "./command-pieces.ts";

const params = ["rate", "data-file", "n"];

test("a command that is written from pieces gives those pieces again, braces and all", () => {
  const piece = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", " ", "$", "{", "}", '"'), minLength: 1 }),
    fc.constantFrom(...params).map((param) => ({ param })),
  );
  fc.assert(
    fc.property(fc.array(piece), (given) => {
      const written = given.map((each) =>
        typeof each === "string" ? each.replace(/[{}]/g, "$&$&") : `{${each.param}}`,
      );
      const { pieces, problems } = commandPieces(written.join(""), params);
      expect(problems).toEqual([]);
      expect(joined(pieces)).toEqual(joined(given));
    }),
  );
});

/** Text with a mark, which no text has, in place of each parameter. */
function joined(pieces: readonly (string | { readonly param: string })[]): string {
  return pieces.map((each) => (typeof each === "string" ? each : `<${each.param}>`)).join("");
}

test.each([
  ["train {rat}", "{rat} names no parameter of the entry point: they are rate, data-file, n", "{rate}"],
  ["train {}", "{} names no parameter of the entry point: they are rate, data-file, n", undefined],
  ["train {rate:.2f}", "{rate:.2f} is more than a name: write {rate}", undefined],
  ["train {rate!r}", "{rate!r} is more than a name: write {rate}", undefined],
  [`train \${HOME}`, `\${HOME} is read as a parameter: write \${{HOME}} for a variable`, undefined],
  ["train {", "{ stands alone: write {{ for a brace", undefined],
  [
    "train {{{{ item }}}}",
    "{{ item }} is what Scanflow itself fills in: put what needs it into a script",
    undefined,
  ],
  [
    "train {{{{params.rate}}}} {rate}",
    "{{params.rate}} is what Scanflow itself fills in: put what needs it into a script",
    undefined,
  ],
  ["train }", "} stands alone: write }} for a brace", undefined],
])("%s is refused", (command, message, suggestion) => {
  const { problems } = commandPieces(command, params);
  expect(problems).toEqual([{ message, ...(suggestion !== undefined && { suggestion }) }]);
});

test("without parameters it says so", () => {
  expect(commandPieces("train {rate}", []).problems).toEqual([
    { message: "{rate} names no parameter of the entry point: there are no parameters" },
  ]);
});
