import type { Command } from "commander";
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

test("an option that the command above has too belongs to the one that was called", async () => {
  const calls: unknown[] = [];
  const program = makeProgram((row, args, options) => async () => {
    calls.push([row.name, args, options]);
  });
  await program.parseAsync(["export", "runs", "digits", "--out", "x.csv"], { from: "user" });
  expect(calls).toEqual([["export runs", ["digits"], { out: "x.csv" }]]);
});

test.each(commands)(
  "the help of $name says what each of its arguments is",
  async ({ name, about = [], ...row }) => {
    const taken = row.arguments?.split(" ") ?? [];
    expect(about).toHaveLength(taken.length);
    const program = makeProgram(() => async () => {});
    const help = find(program, name)?.helpInformation() ?? "";
    for (const text of about) expect(help.replaceAll(/\s+/g, " ")).toContain(text);
  },
);

test("the help lists every command, that of a group those below it", () => {
  const program = makeProgram(() => async () => {});
  for (const { name, summary } of commands) {
    const [first = "", inner] = name.split(" ");
    expect(program.helpInformation()).toContain(`  ${first} `);
    const help = (inner === undefined ? program : find(program, first))?.helpInformation() ?? "";
    expect(help).toContain(`  ${inner ?? first} `);
    expect(help.replaceAll(/\s+/g, " ")).toContain(summary);
  }
});

/** The command of a row; `data add` stands below `data`. */
function find(program: Command, name: string): Command | undefined {
  return name
    .split(" ")
    .reduce<Command | undefined>(
      (above, part) => above?.commands.find((one) => one.name() === part),
      program,
    );
}
