import { checkCommands } from "./check-commands.ts";
import type { CommandRow } from "./command.ts";
import { dataCommands } from "./data-commands.ts";
import { deployCommands } from "./deploy-commands.ts";
import { purgeCommands, UPKEEP } from "./purge-commands.ts";
import { CPUS, downCommand, ELSEWHERE, trackerCommands, upCommand } from "./server-commands.ts";
import { streamCommands } from "./stream-commands.ts";
import { transferCommands } from "./transfer-commands.ts";

const RUN = "id of a run, a beginning or end of it, or latest";
const TASK = "id of a task, such as train/softmax or 'fit[2]', or its last part";
const WORKFLOW = "name of a workflow (default: the application's main one)";

const ON = {
  flags: "--on <platform>",
  description: "where tasks run: process, docker, swarm, … (default: SCANFLOW_ON, else process)",
};
/** Where tasks run on other machines. */
const CLUSTER = [
  { flags: "--namespace <name>", description: "namespace of the cluster (default: the context's)" },
  { flags: "--context <name>", description: "context of the kubeconfig (default: its current one)" },
  ELSEWHERE.gateway,
  ELSEWHERE.registry,
];
const OPENLINEAGE = {
  flags: "--openlineage <target>",
  description: "send OpenLineage events to a URL or into a file (default: OPENLINEAGE_URL)",
};

/** What the commands below another one are about. */
export const groups: Readonly<Record<string, string>> = {
  data: "keep versions of data: add, list, compare, get, send and fetch them",
  stream: "keep records as they come, for checkers that follow them",
  purge: "remove what a tracker keeps, for good",
};

/** Every command, in the order in which the help lists them. */
export const commands: readonly CommandRow[] = [
  {
    name: "init",
    arguments: "[folder]",
    about: ["where to write it (default: here)"],
    summary: "write a small application that runs",
    options: [
      { flags: "--yaml", description: "a scanflow.yaml instead of a scanflow.config.ts" },
      { flags: "--name <name>", description: "name of the application (default: the folder's)" },
      {
        flags: "--ci <host>",
        description:
          "github or gitlab: a pipeline that tests, gates, deploys and rolls back; also for an application that is there",
      },
      {
        flags: "--target <target>",
        description: "what the pipeline deploys to: kubernetes (the default), argo or kserve",
      },
    ],
    load: () => import("./commands/init.ts"),
  },
  {
    name: "run",
    arguments: "[workflow]",
    about: [WORKFLOW],
    summary: "run a workflow (the application's main one if none is named)",
    options: [
      { flags: "--param <name=value>", description: "set a parameter", repeat: true },
      { flags: "--params-file <file>", description: "parameters from a JSON or YAML file" },
      { flags: "--params <json>", description: "parameters as one JSON object; nothing for none" },
      { flags: "--no-cache", description: "run every task, changed or not" },
      { flags: "--stay", description: "stay where the run waits for a person, until it has ended" },
      { flags: "--device <kind>", description: "what kind of machine this is: device.kind in conditions" },
      CPUS,
      ON,
      ...CLUSTER,
      OPENLINEAGE,
    ],
    load: () => import("./commands/run.ts"),
  },
  upCommand,
  downCommand,
  {
    name: "resume",
    arguments: "[run]",
    about: [`${RUN} (default: the newest that was interrupted, else paused, else waits)`],
    summary: "take up a run that was interrupted or paused, and follow it",
    options: [CPUS, ON, ...CLUSTER, OPENLINEAGE],
    load: () => import("./commands/resume.ts"),
  },
  {
    name: "retry",
    arguments: "[run] [tasks...]",
    about: [`${RUN} (default: the newest)`, "only these tasks of it (default: all that failed)"],
    summary: "run failed tasks again, and what hangs on them",
    options: [CPUS, ON, ...CLUSTER, OPENLINEAGE],
    load: () => import("./commands/retry.ts"),
  },
  {
    name: "pause",
    arguments: "[run]",
    about: [`${RUN} (default: the newest that runs)`],
    summary: "start no more tasks of a run; resume goes on",
    load: () => import("./commands/pause.ts"),
  },
  {
    name: "cancel",
    arguments: "<run>",
    about: [RUN],
    summary: "end a run and everything that runs of it",
    options: [{ flags: "--reason <text>", description: "why, which is kept with the run" }],
    load: () => import("./commands/cancel.ts"),
  },
  {
    name: "approve",
    arguments: "<run> <task>",
    about: [RUN, "id of the approval that waits; show lists it"],
    summary: "say yes (or no) where a run waits for a person, and follow it on",
    options: [
      { flags: "--reject", description: "say no" },
      { flags: "--comment <text>", description: "kept with the answer" },
    ],
    load: () => import("./commands/approve.ts"),
  },
  {
    name: "plan",
    arguments: "[workflow]",
    about: [WORKFLOW],
    summary: "show what a run would do",
    load: () => import("./commands/plan.ts"),
  },
  {
    name: "graph",
    arguments: "[workflow]",
    about: [WORKFLOW],
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
      { flags: "--workflow <name>", description: "only runs of this workflow" },
      { flags: "--limit <count>", description: "at most so many (default: 20)" },
    ],
    load: () => import("./commands/ls.ts"),
  },
  {
    name: "show",
    arguments: "[run]",
    about: [`${RUN} (default: the newest)`],
    summary: "show a run: tasks, results, metrics, artifacts, models",
    load: () => import("./commands/show.ts"),
  },
  {
    name: "logs",
    arguments: "<run> <task>",
    about: [RUN, TASK],
    summary: "print what a task wrote",
    options: [
      { flags: "-f, --follow", description: "go on as it writes, until the task ends" },
      { flags: "--attempt <number>", description: "of this attempt (default: the last)" },
    ],
    load: () => import("./commands/logs.ts"),
  },
  {
    name: "why",
    arguments: "<task>",
    about: [TASK],
    summary: "say why a task ran, was cached or was skipped",
    options: [{ flags: "--run <run>", description: "in this run (default: the newest)" }],
    load: () => import("./commands/why.ts"),
  },
  {
    name: "lineage",
    arguments: "<subject>",
    about: [
      "models:/NAME/VERSION, models:/NAME@ALIAS, RUN, RUN/TASK, RUN/TASK/OUTPUT, sha256:… or runs:/ID/PATH",
    ],
    summary: "say what something was made from, by which task, code, environment and person",
    options: [
      {
        flags: "--format <format>",
        description: "draw it: mermaid, svg or json (default: by the file's name, else text)",
      },
      { flags: "--out <file>", description: "write to a file" },
      { flags: "--all", description: "tell of every item of a map" },
      {
        flags: "--tracker <url>",
        description: "a tracker by its address (token: MLFLOW_TRACKING_TOKEN), or as --store",
      },
      { flags: "--store <url>", description: "a tracker by its database, as for track, while none runs" },
    ],
    load: () => import("./commands/lineage.ts"),
  },
  ...checkCommands,
  ...dataCommands,
  ...streamCommands,
  {
    name: "reproduce",
    arguments: "[run]",
    about: [`${RUN} (default: the newest)`],
    summary: "run a recorded run again from its recorded inputs, and compare",
    options: [CPUS],
    load: () => import("./commands/reproduce.ts"),
  },
  {
    name: "pack",
    summary: "write the application into one archive",
    options: [
      { flags: "--out <file>", description: "the archive (default: NAME.scanflow.tgz here)" },
      { flags: "--runs <runs>", description: "all, latest, none (the default), or a run's id", repeat: true },
      { flags: "--artifacts", description: "with what these runs made and read" },
      { flags: "--images", description: "with the images that tasks run in, built where they are missing" },
    ],
    load: () => import("./commands/pack.ts"),
  },
  {
    name: "unpack",
    arguments: "<file>",
    about: ["the archive that pack wrote"],
    summary: "unpack an archive of pack into a folder of its own",
    options: [
      { flags: "--into <folder>", description: "the folder (default: named like the application)" },
      { flags: "--no-images", description: "leave out the images that are in it" },
    ],
    load: () => import("./commands/unpack.ts"),
  },
  {
    name: "gc",
    summary:
      "drop the runs that are chosen (else none), and remove what nothing refers to; also of a tracker",
    options: [
      { flags: "--keep <count>", description: "drop all but the newest so many runs of each workflow" },
      { flags: "--older-than <time>", description: "drop runs that ended longer ago, such as 30d" },
      { flags: "--run <run>", description: "drop this run", repeat: true },
      { flags: "--grace <time>", description: "keep what nothing refers to and is younger (default: 1h)" },
      { flags: "--environments", description: "remove built Python environments too" },
      { flags: "--dry-run", description: "say what would go, and remove nothing" },
      ...UPKEEP,
      { flags: "--yes", description: "of a tracker: also where its files look like those of another one" },
    ],
    load: () => import("./commands/gc.ts"),
  },
  ...deployCommands,
  ...transferCommands,
  ...purgeCommands,
  ...trackerCommands,
  {
    name: "wipe",
    arguments: "[workflow]",
    about: ["name of a workflow (default: the whole application)"],
    summary: "remove every trace of a workflow, or of the whole application",
    options: [
      { flags: "--yes", description: "do not ask" },
      { flags: "--dry-run", description: "say what would go, and remove nothing" },
    ],
    load: () => import("./commands/wipe.ts"),
  },
];
