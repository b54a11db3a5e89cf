import { expect, test } from "vitest";
import { commands } from "./commands.ts";
import { makeProgram } from "./program.ts";

test.each(commands)("the row $name loads a command", async ({ load }) => {
  expect((await load()).command).toBeTypeOf("function");
});

test("global options stand before or after the command, options of rows repeat where they say so", async () => {
  const calls: unknown[] = [];
  for (const argv of [
    ["-C", "x", "run", "digits", "--param", "a=1", "--param", "b=2"],
    ["run", "digits", "--param", "a=1", "--param", "b=2", "-C", "x"],
  ]) {
    const program = makeProgram((row, args, options) => async () => {
      calls.push([row.name, args, options, program.opts().dir]);
    });
    await program.parseAsync(argv, { from: "user" });
  }
  const call = ["run", ["digits"], { cache: true, param: ["a=1", "b=2"] }, "x"];
  expect(calls).toEqual([call, call]);
});

test.each(commands)(
  "the help of $name says what each of its arguments is",
  async ({ name, about = [], ...row }) => {
    const taken = row.arguments?.split(" ") ?? [];
    expect(about).toHaveLength(taken.length);
    const program = makeProgram(() => async () => {});
    const help = program.commands.find((command) => command.name() === name)?.helpInformation() ?? "";
    for (const text of about) expect(help.replaceAll(/\s+/g, " ")).toContain(text);
  },
);

test("the help lists every command", () => {
  const help = makeProgram(() => async () => {}).helpInformation();
  for (const { name, summary } of commands) {
    expect(help).toContain(`  ${name} `);
    expect(help.replaceAll(/\s+/g, " ")).toContain(summary);
  }
});
