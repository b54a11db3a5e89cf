import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import type { CommandRow, OptionRow } from "./command.ts";
import { commands } from "./commands.ts";

/** Makes the action of a command from its row, its arguments and its options. */
export type Act = (
  row: CommandRow,
  args: readonly (string | undefined)[],
  options: Readonly<Record<string, unknown>>,
) => () => Promise<void>;

/** The command line, made from the table. */
export function makeProgram(act: Act): Command {
  const program = new Command("scanflow")
    .description("Define, run, track, check and supervise machine-learning workflows.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .option("-C, --dir <folder>", "the application's folder (default: this one)")
    .option("--json", "print JSON")
    .option("--no-color", "print no colours")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .helpCommand("help [command]", "print help")
    .addHelpText("after", HELP);
  for (const row of commands) {
    const command = program.command(row.name).description(row.summary);
    if (row.arguments !== undefined) command.arguments(row.arguments);
    for (const option of row.options ?? []) command.addOption(optionOf(option));
    command.action(async () => {
      const args = command.processedArgs.flat() as (string | undefined)[];
      await act(row, args, command.opts())();
    });
  }
  return program;
}

const HELP = `
Exit codes: 0 done, 1 a run failed or was cancelled, 2 wrong use, 75 waiting for a person, 130 interrupted.`;

function optionOf({ flags, description, repeat }: OptionRow): Option {
  const option = new Option(flags, description);
  if (repeat) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
