import type { CommandRow } from "./command.ts";

/** Every command, in the order in which the help lists them. */
export const commands: readonly CommandRow[] = [
  {
    name: "init",
    arguments: "[folder]",
    summary: "write a small application that runs",
    options: [
      { flags: "--yaml", description: "a scanflow.yaml instead of a scanflow.config.ts" },
      { flags: "--name <name>", description: "name of the application (default: the folder's)" },
    ],
    load: () => import("./commands/init.ts"),
  },
  {
    name: "run",
    arguments: "[workflow]",
    summary: "run a workflow (the application's main one if none is named)",
    options: [
      { flags: "--param <name=value>", description: "set a parameter", repeat: true },
      { flags: "--params-file <file>", description: "parameters from a JSON or YAML file" },
      { flags: "--no-cache", description: "run every task, changed or not" },
      { flags: "--device <kind>", description: "what device.kind is in conditions" },
      { flags: "--cpus <count>", description: "cores that tasks may use at once" },
    ],
    load: () => import("./commands/run.ts"),
  },
  {
    name: "resume",
    arguments: "[run]",
    summary: "take up a run that was interrupted or paused",
    options: [{ flags: "--cpus <count>", description: "cores that tasks may use at once" }],
    load: () => import("./commands/resume.ts"),
  },
  {
    name: "retry",
    arguments: "[run] [tasks...]",
    summary: "run failed tasks again, and what hangs on them",
    options: [{ flags: "--cpus <count>", description: "cores that tasks may use at once" }],
    load: () => import("./commands/retry.ts"),
  },
  {
    name: "pause",
    arguments: "[run]",
    summary: "start no more tasks of a run",
    load: () => import("./commands/pause.ts"),
  },
  {
    name: "cancel",
    arguments: "<run>",
    summary: "end a run and everything that runs of it",
    options: [{ flags: "--reason <text>", description: "kept with the run" }],
    load: () => import("./commands/cancel.ts"),
  },
  {
    name: "approve",
    arguments: "<run> <task>",
    summary: "say yes (or no) where a run waits for a person",
    options: [
      { flags: "--reject", description: "say no" },
      { flags: "--comment <text>", description: "kept with the answer" },
    ],
    load: () => import("./commands/approve.ts"),
  },
  {
    name: "plan",
    arguments: "[workflow]",
    summary: "show what a run would do",
    load: () => import("./commands/plan.ts"),
  },
  {
    name: "graph",
    arguments: "[workflow]",
    summary: "draw a workflow",
    options: [
      {
        flags: "--format <format>",
        description: "mermaid, svg or json (default: by the file's name, else mermaid)",
      },
      { flags: "--out <file>", description: "write to a file" },
    ],
    load: () => import("./commands/graph.ts"),
  },
  {
    name: "ls",
    summary: "list runs",
    options: [
      { flags: "--workflow <name>", description: "only of this workflow" },
      { flags: "--limit <count>", description: "at most so many (default: 20)" },
    ],
    load: () => import("./commands/ls.ts"),
  },
  {
    name: "show",
    arguments: "[run]",
    summary: "show a run: tasks, results, metrics, artifacts, models",
    load: () => import("./commands/show.ts"),
  },
  {
    name: "logs",
    arguments: "<run> <task>",
    summary: "print what a task wrote",
    options: [
      { flags: "-f, --follow", description: "go on until the task ends" },
      { flags: "--attempt <number>", description: "of this attempt (default: the last)" },
    ],
    load: () => import("./commands/logs.ts"),
  },
  {
    name: "why",
    arguments: "<task>",
    summary: "say why a task ran, was cached or was skipped",
    options: [{ flags: "--run <run>", description: "in this run (default: the newest)" }],
    load: () => import("./commands/why.ts"),
  },
  {
    name: "reproduce",
    arguments: "[run]",
    summary: "run a recorded run again from its recorded inputs, and compare",
    options: [{ flags: "--cpus <count>", description: "cores that tasks may use at once" }],
    load: () => import("./commands/reproduce.ts"),
  },
  {
    name: "pack",
    summary: "write the application into one archive",
    options: [
      { flags: "--out <file>", description: "the archive (default: NAME.scanflow.tgz here)" },
      { flags: "--runs <runs>", description: "all, latest, none (the default), or a run's id", repeat: true },
      { flags: "--artifacts", description: "with what these runs made and read" },
    ],
    load: () => import("./commands/pack.ts"),
  },
  {
    name: "unpack",
    arguments: "<file>",
    summary: "unpack such an archive into a folder of its own",
    options: [{ flags: "--into <folder>", description: "the folder (default: named like the application)" }],
    load: () => import("./commands/unpack.ts"),
  },
  {
    name: "gc",
    summary: "drop old runs, and remove what nothing refers to",
    options: [
      { flags: "--keep <count>", description: "drop all but the newest so many runs of each workflow" },
      { flags: "--older-than <time>", description: "drop runs that ended longer ago, such as 30d" },
      { flags: "--run <run>", description: "drop this run", repeat: true },
      { flags: "--grace <time>", description: "keep what is younger (default: 1h)" },
      { flags: "--environments", description: "remove built Python environments too" },
      { flags: "--dry-run", description: "say what would go, and remove nothing" },
    ],
    load: () => import("./commands/gc.ts"),
  },
  {
    name: "wipe",
    arguments: "[workflow]",
    summary: "remove every trace of a workflow, or of the whole application",
    options: [
      { flags: "--yes", description: "do not ask" },
      { flags: "--dry-run", description: "say what would go, and remove nothing" },
    ],
    load: () => import("./commands/wipe.ts"),
  },
];
