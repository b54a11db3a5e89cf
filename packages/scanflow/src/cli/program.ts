import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import type { CommandRow, OptionRow } from "./command.ts";
import { commands, groups } from "./commands.ts";

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
    .option("-C, --dir <folder>", "the application's folder, instead of this one")
    .option("--server <url>", "ask the server that scanflow up started there (SCANFLOW_SERVER)")
    .option("--json", "print JSON: lines where a run is followed, else one document")
    .option("--no-color", "print no colours")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .helpCommand("help [command]", "print help")
    .addHelpText("after", HELP);
  for (const row of commands) {
    const [first = "", inner] = row.name.split(" ");
    const command = (inner === undefined ? program : groupOf(program, first))
      .command(inner ?? first)
      .description(row.summary);
    for (const [at, argument] of (row.arguments?.split(" ") ?? []).entries()) {
      command.argument(argument, row.about?.[at]);
    }
    for (const option of row.options ?? []) command.addOption(optionOf(option));
    command.action(async () => {
      const args = command.processedArgs.flat() as (string | undefined)[];
      await act(row, args, optionsOf(command))();
    });
  }
  return program;
}

/** What is named like an option of the command above, such as --out, is taken by that one wherever it stands. */
function optionsOf(command: Command): Record<string, unknown> {
  const own = new Set(command.options.map((option) => option.attributeName()));
  const above = Object.entries(command.parent?.opts() ?? {}).filter(([name]) => own.has(name));
  return { ...Object.fromEntries(above), ...command.opts() };
}

/** The command that the rows `data add`, `data ls` and so on stand below. */
function groupOf(program: Command, name: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  if (known) return known;
  return program
    .command(name)
    .description(groups[name] ?? "")
    .helpCommand(false)
    .addHelpText("after", `\n"scanflow ${name} COMMAND --help" says what one of them takes.`);
}

const HELP = `
Begin with "scanflow init" and "scanflow run"; "scanflow help COMMAND" says what a command takes.
The application is that of the nearest scanflow.config.ts or scanflow.yaml upwards.
Exit codes: 0 done, 1 a run failed or was cancelled, 2 wrong use, 75 waiting for a person or paused, 130 interrupted.`;

function optionOf({ flags, description, repeat }: OptionRow): Option {
  const option = new Option(flags, repeat ? `${description}; may be given again` : description);
  if (repeat) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
